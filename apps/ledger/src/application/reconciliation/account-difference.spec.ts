import { describe, expect, it } from '@jest/globals';
import type { AccountEnd } from '../verification/verification-reads.port.js';
import { driftFaults, suspicionOf } from './account-difference.js';
import type { AccountState } from './account-state.port.js';

/** The end of a right chain of entries of 10 each. */
const end = (sequence: bigint, changes: Partial<AccountEnd> = {}): AccountEnd => ({
  sequence,
  balance: sequence * 10n,
  checksum: `checksum ${sequence}`,
  ...changes,
});
const state = (
  ends: Partial<Pick<AccountState, 'last' | 'proven'>>,
  row: AccountEnd | null,
): AccountState => ({
  bucket: 1,
  accountId: 'alice',
  currency: 'CZK',
  account: row === null ? undefined : { ...row, held: 0n, nextExpiryAtMs: null },
  last: end(5n),
  proven: end(5n),
  openReservations: 0n,
  firstExpiryAtMs: null,
  ...ends,
});
const suspected = (account: AccountState) => {
  const suspicion = suspicionOf(account);
  return suspicion && [suspicion.sequence, suspicion.reason];
};

describe('what the ends of an account say against its chain', () => {
  it.each([
    ['everything agrees', state({}, end(5n))],
    ['its last entries are not proven yet', state({ proven: end(3n) }, end(5n))],
    ['nothing of it is proven yet', state({ proven: undefined }, end(5n))],
    ['its row is gone', state({}, null)],
    ['its row holds another balance', state({}, end(5n, { balance: 7n }))],
    ['its row holds another checksum', state({}, end(5n, { checksum: 'other' }))],
    ['its row was set back', state({}, end(4n))],
    ['its row counts more entries, and knows of none after the last', state({}, end(5n, { sequence: 9n }))],
  ])('is nothing where %s', (_what, account) => {
    expect(suspected(account)).toBeUndefined();
  });

  const MISSING = [6n, 'entry 6 is missing from the end'];
  it.each([
    ['it was proven further', state({ proven: end(7n) }, end(5n)), MISSING],
    ['it was proven further, by its row too', state({ proven: end(7n) }, end(7n)), MISSING],
    ['its row knows of a later entry that nobody proved', state({}, end(6n)), MISSING],
    [
      'its last entry was another when it was proven',
      state({ last: end(5n, { checksum: 'other' }) }, end(5n, { checksum: 'other' })),
      [5n, 'entry 5 is not the one that was proven'],
    ],
    [
      'there is an entry that its row does not know',
      state({ last: end(6n, { checksum: 'checksum 5' }) }, end(5n)),
      [6n, 'there are more entries than the account says'],
    ],
  ])('is a suspicion where %s', (_what, account, suspicion) => {
    expect(suspected(account)).toEqual(suspicion);
  });
});

describe('what has drifted', () => {
  const row = { ...end(5n), held: 30n, nextExpiryAtMs: 1_000n };
  const held = (changes: Partial<AccountState>): AccountState => ({
    ...state({}, null),
    account: row,
    openReservations: 30n,
    firstExpiryAtMs: 1_000n,
    ...changes,
  });

  it.each([
    ['everything agrees', held({})],
    ['an expiry is expected too early', held({ firstExpiryAtMs: 2_000n })],
  ])('is nothing where %s', (_what, account) => {
    expect(driftFaults(account)).toEqual([]);
  });

  it.each([
    ['a balance', held({ account: { ...row, balance: 51n } }), /balance/],
    ['a sequence', held({ account: { ...row, sequence: 6n } }), /sequence/],
    ['a checksum', held({ account: { ...row, checksum: 'other' } }), /checksum/],
    ['a hold', held({ openReservations: 29n }), /held/],
    ['an expiry that comes too late', held({ firstExpiryAtMs: 999n }), /expiry/],
    ['an expiry of nothing', held({ firstExpiryAtMs: null }), /expiry/],
    ['a row that is gone', held({ account: undefined }), /gone/],
  ])('names %s', (_what, account, fault) => {
    expect(driftFaults(account)).toEqual([expect.stringMatching(fault)]);
  });
});
