import { describe, expect, it } from '@jest/globals';
import { propertyParameters } from '@steelyard/testing/seed';
import fc from 'fast-check';
import { GENESIS } from '../ledger-chain/index.js';
import { auditChecksumOf, auditContentJson, auditRecordJson, type AuditContent } from './audit-record.js';

const ENTRY_ID = '019ab2c3-d4e5-7005-8000-000000000102';
const CHANGE = {
  recordId: ENTRY_ID,
  atMs: Date.UTC(2026, 10, 21, 3, 42, 48, 123),
  action: 'BALANCE_CHANGED',
  accountId: 'alice',
  agentId: 'desk-7',
};
const CHANGE_CONTENT: AuditContent = {
  performedBy: 'boss',
  reason: 'said "so"',
  entryChecksum: 'ab'.repeat(32),
  currency: 'CZK',
  amount: -1_250n,
  balanceBefore: 5_000n,
  balanceAfter: 3_750n,
  detail: { type: 'WITHDRAW', source: 'till' },
};

describe('auditRecordJson', () => {
  it('of a balance change names the entry and its transaction, whose ids follow from its own', () => {
    const contentJson = auditContentJson(CHANGE_CONTENT);
    expect(auditRecordJson({ ...CHANGE, contentJson })).toBe(
      '{"recordId":"019ab2c3-d4e5-7005-8000-000000000102","at":"2026-11-21T03:42:48.123Z"' +
        ',"action":"BALANCE_CHANGED","accountId":"alice","agentId":"desk-7"' +
        ',"transactionId":"019ab2c3-d4e5-7005-8000-000000000100"' +
        ',"entryId":"019ab2c3-d4e5-7005-8000-000000000102","performedBy":"boss","reason":"said \\"so\\""' +
        `,"entryChecksum":"${'ab'.repeat(32)}","currency":"CZK","amount":-1250,"balanceBefore":5000` +
        ',"balanceAfter":3750,"detail":{"source":"till","type":"WITHDRAW"}}',
    );
  });

  it('leaves out what is absent', () => {
    const record = { recordId: ENTRY_ID, atMs: 0, action: 'API_KEY_CREATED', contentJson: '{}' };
    expect(auditRecordJson(record)).toBe(
      `{"recordId":"${ENTRY_ID}","at":"1970-01-01T00:00:00.000Z","action":"API_KEY_CREATED"}`,
    );
  });

  it('is what JSON.stringify makes of its own members, whatever texts it holds', () => {
    const text = fc.string({ unit: 'binary' });
    const optional = fc.option(text, { nil: undefined });
    const content = fc.record({
      performedBy: optional,
      role: optional,
      reason: optional,
      apiKeyId: optional,
    });
    fc.assert(
      fc.property(content, optional, (members, accountId) => {
        const json = auditRecordJson({
          ...CHANGE,
          action: 'ACCOUNT_READ',
          accountId,
          contentJson: auditContentJson(members),
        });
        expect(JSON.stringify(JSON.parse(json))).toBe(json);
      }),
      propertyParameters(),
    );
  });
});

describe('auditChecksumOf', () => {
  const json = auditRecordJson({ ...CHANGE, contentJson: auditContentJson(CHANGE_CONTENT) });

  it('is fixed for ever', () => {
    expect(auditChecksumOf(json, GENESIS)).toBe(
      'c82cde64ef2ac08b50547a4e2359bfedeec7166d807e96253a8f3ecf98824359',
    );
  });

  it.each(Object.keys(CHANGE_CONTENT) as (keyof AuditContent)[])('depends on %s', (name) => {
    const contentJson = auditContentJson({ ...CHANGE_CONTENT, [name]: undefined });
    expect(auditChecksumOf(auditRecordJson({ ...CHANGE, contentJson }), GENESIS)).not.toBe(
      auditChecksumOf(json, GENESIS),
    );
  });
});
