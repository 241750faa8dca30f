import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { checksumOf } from '@steelyard/domain/ledger-chain';
import { toJson } from '../replies/to-json.js';
import { presentEntry } from './ledger.presenter.js';

const covered = {
  entryId: '0192a7c4-1f00-7003-8000-000000000101',
  transactionId: '0192a7c4-1f00-7003-8000-000000000100',
  accountId: 'alice',
  type: 'DEPOSIT',
  amount: 250n,
  balanceBefore: -1n,
  balanceAfter: 249n,
  // Integer-like names: an object of JavaScript would put 9 before 10.
  metadataJson: '{"10":{"b":1},"9":"\\u0007é","reason":"top-up"}',
  timestamp: '2026-11-21T03:00:00.123Z',
  previousChecksum: 'GENESIS',
};

describe('presentEntry', () => {
  it('shows exactly what the checksum covers, in its order', () => {
    const checksum = checksumOf(covered);
    const text = toJson(presentEntry({ ...covered, checksum, sequence: 1n, hashVersion: 1 }));
    const end = `,"checksum":"${checksum}"}`;
    expect(text.endsWith(end)).toBe(true);
    const hashed = `${text.slice(0, -end.length)}}`;
    expect(createHash('sha256').update(hashed, 'utf8').digest('hex')).toBe(checksum);
  });
});
