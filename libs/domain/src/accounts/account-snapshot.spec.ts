import { describe, expect, it } from '@jest/globals';
import { canonicalJson, type JsonObject } from '../ledger-chain/index.js';
import { accountFromJson, accountToJson } from './account-snapshot.js';
import type { Account } from './account.js';

const account: Account = {
  bucket: 7,
  accountId: 'alice',
  currency: 'CHIPS',
  balance: -9_007_199_254_740_991n,
  held: 3n,
  nextExpiryAtMs: 1_700_000_030_000,
  version: 12n,
  sequence: 11n,
  checksum: 'GENESIS',
  status: 'frozen',
  creditLimit: null,
  minimumHold: 0n,
  maxBalance: 9_007_199_254_740_991n,
  warningThreshold: null,
  criticalThreshold: 5n,
  tier: null,
  holderId: 'h',
  agentId: null,
  metadataJson: '{"a":1}',
  createdAtMs: 1_700_000_000_000,
  updatedAtMs: 1_700_000_000_001,
};

describe('account snapshot', () => {
  it('keeps every member through JSON text', () => {
    const text = canonicalJson(accountToJson(account));
    expect(accountFromJson(JSON.parse(text) as JsonObject)).toEqual(account);
  });

  it('from before there were reservations has no next expiry', () => {
    const { nextExpiryAtMs, ...old } = accountToJson({ ...account, held: 0n });
    expect(nextExpiryAtMs).toBe(1_700_000_030_000);
    expect(accountFromJson(old)).toEqual({ ...account, held: 0n, nextExpiryAtMs: null });
  });

  it('writes amounts as texts of digits', () => {
    expect(accountToJson(account)).toMatchObject({
      balance: '-9007199254740991',
      creditLimit: null,
      bucket: 7,
    });
  });

  it.each(['balance', 'accountId', 'bucket', 'maxBalance', 'tier', 'nextExpiryAtMs'])(
    'fails loudly when %s is damaged',
    (name) => {
      const damaged = { ...accountToJson(account), [name]: true };
      expect(() => accountFromJson(damaged)).toThrow(`account snapshot: ${name} is not a`);
    },
  );
});
