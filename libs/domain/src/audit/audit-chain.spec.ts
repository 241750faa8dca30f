import { describe, expect, it } from '@jest/globals';
import {
  AuditChainVerifier,
  chainAuditRecord,
  EMPTY_AUDIT_CHAIN,
  type AuditHead,
  type ChainedAuditRecord,
} from './audit-chain.js';
import { auditContentJson } from './audit-record.js';
import { personalDigestOf } from './personal-digest.js';

const PERSONAL = { salt: '5a'.repeat(32), json: '{"address":"192.0.2.7"}' };

function chainOf(length: number): { records: ChainedAuditRecord[]; head: AuditHead } {
  const records: ChainedAuditRecord[] = [];
  let head = EMPTY_AUDIT_CHAIN;
  for (let number = 1; number <= length; number++) {
    const hasPerson = number === 3;
    const record = {
      recordId: `019ab2c3-d4e5-7005-8000-0000000001${String(number).padStart(2, '0')}`,
      atMs: 1_790_000_000_000 + number,
      action: hasPerson ? 'ACCOUNT_READ' : 'BALANCE_CHANGED',
      accountId: 'alice',
      contentJson: auditContentJson({
        performedBy: 'boss',
        ...(hasPerson ? { personalDigest: personalDigestOf(PERSONAL) } : { amount: BigInt(number) }),
      }),
    };
    head = chainAuditRecord(head, record);
    records.push({ ...record, ...head, hashVersion: 1, personal: hasPerson ? PERSONAL : 'none' });
  }
  return { records, head };
}

function verify(records: readonly ChainedAuditRecord[], head: AuditHead): string | undefined {
  const verifier = new AuditChainVerifier();
  for (const record of records) {
    const fault = verifier.next(record);
    if (fault) return `${fault.sequence}: ${fault.reason}`;
  }
  const fault = verifier.endFault(head);
  return fault && `${fault.sequence}: ${fault.reason}`;
}

type Change = (records: ChainedAuditRecord[]) => unknown;

function changed(index: number, change: Partial<ChainedAuditRecord>): Change {
  return (records) => {
    const record = records[index];
    if (record) records[index] = { ...record, ...change };
  };
}

const CHECKSUM = 'checksum does not match the record';
const TAMPERINGS: readonly [string, Change, string][] = [
  ['another account', changed(1, { accountId: 'bob' }), `2: ${CHECKSUM}`],
  ['another time', changed(1, { atMs: 1_790_000_000_001 }), `2: ${CHECKSUM}`],
  ['another action', changed(1, { action: 'BALANCE_READ' }), `2: ${CHECKSUM}`],
  ['another id', changed(1, { recordId: '019ab2c3-d4e5-7005-8000-000000000109' }), `2: ${CHECKSUM}`],
  ['an agent put in', changed(1, { agentId: 'desk-1' }), `2: ${CHECKSUM}`],
  ['another amount', changed(1, { contentJson: '{"performedBy":"boss","amount":3}' }), `2: ${CHECKSUM}`],
  ['another checksum', changed(1, { checksum: '00'.repeat(32) }), `2: ${CHECKSUM}`],
  ['another form', changed(1, { hashVersion: 2 }), '2: unknown hash version 2'],
  ['a record removed', (records) => records.splice(1, 1), '2: record 2 is missing'],
  ['the first one removed', (records) => records.splice(0, 1), '1: record 1 is missing'],
  ['two in the other order', (records) => records.reverse(), '1: record 1 is missing'],
  ['the last one cut off', (records) => records.pop(), '4: record 4 is missing from the end'],
  [
    'other personal data',
    changed(2, { personal: { ...PERSONAL, json: '{"address":"192.0.2.8"}' } }),
    '3: personal data are not those that were recorded',
  ],
  [
    'personal data removed',
    changed(2, { personal: 'none' }),
    '3: personal data are missing, and nobody erased them',
  ],
  [
    'personal data put in',
    changed(1, { personal: PERSONAL }),
    '2: personal data were put to a record that has none',
  ],
];

describe('AuditChainVerifier', () => {
  it('proves a chain that nobody touched', () => {
    const { records, head } = chainOf(4);
    expect(verify(records, head)).toBeUndefined();
  });

  it('proves a chain whose personal data were erased', () => {
    const { records, head } = chainOf(4);
    changed(2, { personal: 'erased' })(records);
    expect(verify(records, head)).toBeUndefined();
  });

  it.each(TAMPERINGS)('finds %s', (_what, tamper, fault) => {
    const { records, head } = chainOf(4);
    tamper(records);
    expect(verify(records, head)).toBe(fault);
  });

  it('finds an account that was hidden by moving it into the content', () => {
    const { records, head } = chainOf(4);
    const [first] = records;
    if (!first) throw new Error('the chain has records');
    const { accountId, ...hidden } = { ...first, action: 'ACCOUNT_READ' };
    const contentJson = hidden.contentJson.replace('{', `{"accountId":"${accountId ?? ''}",`);
    // With the same text a checksum over it alone would agree.
    const { checksum } = chainAuditRecord(EMPTY_AUDIT_CHAIN, { ...hidden, contentJson });
    expect(checksum).toBe(chainAuditRecord(EMPTY_AUDIT_CHAIN, { ...first, action: 'ACCOUNT_READ' }).checksum);
    records[0] = { ...hidden, contentJson, checksum };
    expect(verify(records, head)).toBe('1: what the record is found by was moved into its content');
  });

  it('finds records beyond the head, and a head that was changed', () => {
    const { records, head } = chainOf(4);
    expect(verify(records, { ...head, sequence: 3n })).toBe('4: there are more records than the head says');
    expect(verify(records, { ...head, checksum: '00'.repeat(32) })).toBe(
      '4: the head holds another last checksum',
    );
  });

  it('goes on from where a chain was proven before', () => {
    const { records, head } = chainOf(4);
    const [, second, third, fourth] = records;
    if (!second || !third || !fourth) throw new Error('the chain has four records');
    const verifier = new AuditChainVerifier({ sequence: 2n, checksum: second.checksum });
    expect([verifier.next(third), verifier.next(fourth), verifier.endFault(head)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('personalDigestOf', () => {
  it('is fixed for ever, and another for another salt', () => {
    const digest = '6b5c2d9a03399e9633bb240598ce0ef8efa6d71a3b1b91c0445735f5e16dc6ea';
    expect(personalDigestOf(PERSONAL)).toBe(digest);
    expect(personalDigestOf({ ...PERSONAL, salt: '5b'.repeat(32) })).not.toBe(digest);
  });
});
