import { describe, expect, it } from '@jest/globals';
import { AMOUNT_MAX } from '../money/index.js';
import { availableBalance, type Account } from './account.js';
import { refuseOutOfBounds, refuseUnlessActive } from './account-rules.js';
import { openedAccount } from './opening.js';

function accountWith(changes: Partial<Account>): Account {
  return { ...openedAccount({ bucket: 0, accountId: 'alice', currency: 'CHIPS' }, 1), ...changes };
}

describe('availableBalance', () => {
  it('is balance and credit less what is held and what may never be spent', () => {
    const account = accountWith({ balance: 100n, creditLimit: 50n, held: 30n, minimumHold: 5n });
    expect(availableBalance(account)).toBe(115n);
  });

  it('is the largest amount when there is no floor', () => {
    expect(availableBalance(accountWith({ creditLimit: null, balance: -5n }))).toBe(AMOUNT_MAX);
  });
});

describe('refuseUnlessActive', () => {
  it.each([
    ['active', undefined],
    ['frozen', 'ACCOUNT_FROZEN'],
    ['closed', 'ACCOUNT_CLOSED'],
  ] as const)('%s: %s', (status, code) => {
    expect(refuseUnlessActive(accountWith({ status }), 'from')?.code).toBe(code);
  });
});

describe('refuseOutOfBounds', () => {
  it.each([
    ['spends the last unit', { balance: 10n }, -10n, undefined],
    ['refuses one unit more', { balance: 10n }, -11n, 'INSUFFICIENT_BALANCE'],
    ['spends the credit limit', { creditLimit: 5n }, -5n, undefined],
    ['refuses below the credit limit', { creditLimit: 5n }, -6n, 'INSUFFICIENT_BALANCE'],
    ['does not spend what is held', { balance: 10n, held: 4n }, -7n, 'INSUFFICIENT_BALANCE'],
    ['does not spend the minimum hold', { balance: 10n, minimumHold: 4n }, -7n, 'INSUFFICIENT_BALANCE'],
    ['has no floor without a credit limit', { creditLimit: null }, -AMOUNT_MAX, undefined],
    [
      'keeps the range without a credit limit',
      { creditLimit: null },
      -AMOUNT_MAX - 1n,
      'AMOUNT_OUT_OF_RANGE',
    ],
    ['fills up to the ceiling', { maxBalance: 10n, balance: 4n }, 6n, undefined],
    ['refuses above the ceiling', { maxBalance: 10n, balance: 4n }, 7n, 'LIMIT_EXCEEDED'],
    ['fills up to the range', { balance: AMOUNT_MAX - 1n }, 1n, undefined],
    ['refuses overflow by one', { balance: AMOUNT_MAX }, 1n, 'AMOUNT_OUT_OF_RANGE'],
    ['lets a debit through above the ceiling', { maxBalance: 10n, balance: 50n }, -1n, undefined],
  ])('%s', (_, changes, amount, code) => {
    expect(refuseOutOfBounds(accountWith(changes), amount, false)?.code).toBe(code);
  });

  it('ignores the ceiling where told to, and never the range', () => {
    const full = accountWith({ maxBalance: 10n, balance: 10n });
    expect(refuseOutOfBounds(full, 1n, true)).toBeUndefined();
    expect(refuseOutOfBounds({ ...full, balance: AMOUNT_MAX }, 1n, true)?.code).toBe('AMOUNT_OUT_OF_RANGE');
  });

  it('says what was available and what was needed', () => {
    expect(refuseOutOfBounds(accountWith({ balance: 10n }), -11n, false)).toEqual({
      kind: 'refusal',
      code: 'INSUFFICIENT_BALANCE',
      message: 'account alice has 10 available, 11 is needed',
      field: 'amount',
    });
  });
});
