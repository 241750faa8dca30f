import { describe, expect, it } from '@jest/globals';
import { propertyParameters } from '@steelyard/testing/seed';
import fc from 'fast-check';
import { AMOUNT_MAX } from '../money/index.js';
import { checksumOf, checksumText, GENESIS, HASH_VERSION, type ChainedEntryFields } from './checksum.js';

const entry: ChainedEntryFields = {
  entryId: '019ab2c3-d4e5-7005-8000-000000000101',
  transactionId: '019ab2c3-d4e5-7005-8000-000000000100',
  accountId: 'alice',
  type: 'DEPOSIT',
  amount: 1250n,
  balanceBefore: 0n,
  balanceAfter: 1250n,
  metadataJson: '{"reason":"first"}',
  timestamp: '2026-11-21T03:42:48.123Z',
  previousChecksum: GENESIS,
};

describe('checksumText', () => {
  it('is compact JSON of exactly these members in this order', () => {
    expect(checksumText(entry)).toBe(
      '{"entryId":"019ab2c3-d4e5-7005-8000-000000000101","transactionId":"019ab2c3-d4e5-7005-8000-000000000100"' +
        ',"accountId":"alice","type":"DEPOSIT","amount":1250,"balanceBefore":0,"balanceAfter":1250' +
        ',"metadata":{"reason":"first"},"timestamp":"2026-11-21T03:42:48.123Z","previousChecksum":"GENESIS"}',
    );
  });

  it("equals JSON.stringify of the API's members in order", () => {
    const amounts = fc.bigInt({ min: -AMOUNT_MAX, max: AMOUNT_MAX });
    const ids = fc.stringMatching(/^[A-Za-z0-9._:+-][A-Za-z0-9._:@+-]{0,20}$/);
    fc.assert(
      fc.property(amounts, amounts, amounts, ids, (amount, balanceBefore, balanceAfter, accountId) => {
        const fields = { ...entry, amount, balanceBefore, balanceAfter, accountId };
        // Amounts are within 2^53, so that a JSON number says them exactly.
        const { metadataJson, timestamp, previousChecksum, ...others } = fields;
        const asApi = {
          ...others,
          amount: Number(amount),
          balanceBefore: Number(balanceBefore),
          balanceAfter: Number(balanceAfter),
          metadata: JSON.parse(metadataJson) as unknown,
          timestamp,
          previousChecksum,
        };
        expect(checksumText(fields)).toBe(JSON.stringify(asApi));
      }),
      propertyParameters(),
    );
  });
});

describe('checksumOf', () => {
  it('is the lower-case hex SHA-256 of the text, fixed for ever', () => {
    expect(HASH_VERSION).toBe(1);
    expect(checksumOf(entry)).toBe('194dc6d9dbd816e8389df7859b5c732ef41b924922fe8a8622ea622d347bff6e');
  });

  it('hashes the UTF-8 bytes of the text', () => {
    const checksum = checksumOf({ ...entry, metadataJson: '{"reason":"žluťoučký 😀"}' });
    expect(checksum).toBe('7ba9e6d3dfd10106dac9fb211eaee3df2e4745ce54bddee798782d6c09ead40c');
  });

  it.each(Object.keys(entry) as (keyof ChainedEntryFields)[])('depends on %s', (name) => {
    const value = entry[name];
    const changed = typeof value === 'bigint' ? value + 1n : `${value}x`;
    expect(checksumOf({ ...entry, [name]: changed })).not.toBe(checksumOf(entry));
  });
});
