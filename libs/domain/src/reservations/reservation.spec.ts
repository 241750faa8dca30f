import { describe, expect, it } from '@jest/globals';
import { openedAccount, type Account } from '../accounts/index.js';
import {
  asOfClock,
  balancesAfter,
  isDue,
  RESERVATION_STATUSES,
  withHold,
  withoutHold,
  type Reservation,
} from './reservation.js';

const EXPIRES_AT_MS = 1_000;
const held: Reservation = {
  bucket: 1,
  sequence: 7n,
  reservationId: 'r-1',
  accountId: 'alice',
  currency: 'CHIPS',
  amount: 60n,
  target: { kind: 'world' },
  status: 'HELD',
  captured: 0n,
  reference: null,
  metadataJson: '{}',
  createdAtMs: 1,
  expiresAtMs: EXPIRES_AT_MS,
  resolvedAtMs: null,
  transactionId: null,
  balanceAfter: 100n,
  availableAfter: 40n,
};

function accountWith(changes: Partial<Account>): Account {
  return {
    ...openedAccount({ bucket: 1, accountId: 'alice', currency: 'CHIPS' }, 1),
    balance: 100n,
    ...changes,
  };
}

describe('isDue', () => {
  it.each([
    [EXPIRES_AT_MS - 1, false],
    [EXPIRES_AT_MS, true],
    [EXPIRES_AT_MS + 1, true],
  ])('at %d is %s', (nowMs, expected) => {
    expect(isDue(held, nowMs)).toBe(expected);
  });

  it.each(RESERVATION_STATUSES.filter((status) => status !== 'HELD'))('is never true for %s', (status) => {
    expect(isDue({ ...held, status }, EXPIRES_AT_MS + 1)).toBe(false);
  });
});

describe('asOfClock', () => {
  it('shows a held one as it is until its time', () => {
    expect(asOfClock(held, EXPIRES_AT_MS - 1)).toBe(held);
  });

  it('shows it as expired from its time on, since its time', () => {
    expect(asOfClock(held, EXPIRES_AT_MS + 500)).toEqual({
      ...held,
      status: 'EXPIRED',
      resolvedAtMs: EXPIRES_AT_MS,
    });
  });

  it('leaves one that has ended', () => {
    const released = { ...held, status: 'RELEASED' as const, resolvedAtMs: 5 };
    expect(asOfClock(released, EXPIRES_AT_MS + 500)).toBe(released);
  });
});

describe('an account', () => {
  it('that holds more ends its first hold at the earliest time', () => {
    const first = withHold(accountWith({}), 10n, 500);
    expect(first).toMatchObject({ held: 10n, nextExpiryAtMs: 500, balance: 100n });
    expect(withHold(first, 20n, 900)).toMatchObject({ held: 30n, nextExpiryAtMs: 500 });
    expect(withHold(first, 20n, 100)).toMatchObject({ held: 30n, nextExpiryAtMs: 100 });
  });

  it('that holds less keeps the bound until nothing is held', () => {
    const account = accountWith({ held: 30n, nextExpiryAtMs: 500 });
    expect(withoutHold(account, 10n)).toMatchObject({ held: 20n, nextExpiryAtMs: 500 });
    expect(withoutHold(account, 30n)).toMatchObject({ held: 0n, nextExpiryAtMs: null });
  });

  it('is remembered with its balance and what is available', () => {
    const account = accountWith({ held: 30n, creditLimit: 5n, minimumHold: 1n });
    expect(balancesAfter(account)).toEqual({ balanceAfter: 100n, availableAfter: 74n });
  });
});
