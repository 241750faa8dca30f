import { describe, expect, it } from '@jest/globals';
import { payoutsOf } from './payouts.js';

const winner = (seatId: number, amount: bigint, accountId = `player-${seatId}`) => ({
  seatId,
  accountId,
  amount,
});

describe('payoutsOf', () => {
  it('pays what was named when it sums to what there is', () => {
    expect(payoutsOf([winner(9, 300n), winner(1, 343n)], 643n)).toEqual([winner(1, 343n), winner(9, 300n)]);
  });

  it('pays less in proportion when a rake was forgotten, the odd chip to the first seat', () => {
    expect(payoutsOf([winner(4, 10n), winner(3, 10n)], 19n)).toEqual([winner(3, 10n), winner(4, 9n)]);
  });

  it('pays more in proportion when chips would stay in the pot', () => {
    expect(payoutsOf([winner(1, 1n), winner(2, 2n)], 100n)).toEqual([winner(1, 34n), winner(2, 66n)]);
  });

  it('pays a seat once that is named for the main pot and for a side pot', () => {
    const winners = [winner(9, 29n), winner(5, 88n), winner(5, 235n)];
    expect(payoutsOf(winners, 352n)).toEqual([winner(5, 323n), winner(9, 29n)]);
  });

  it('scales the sum of a seat, not its parts', () => {
    // 3/4 of 5 is 3 (rounded down) and the odd chip; the parts alone would round to 1 and 1.
    expect(payoutsOf([winner(2, 2n), winner(1, 1n), winner(2, 1n)], 5n)).toEqual([
      winner(1, 2n),
      winner(2, 3n),
    ]);
  });

  it('pays one account at several seats, each apart', () => {
    const winners = [winner(1, 5n, 'ada'), winner(2, 6n, 'ada')];
    expect(payoutsOf(winners, 11n)).toEqual(winners);
  });

  it('leaves out a winner that nothing falls to', () => {
    expect(payoutsOf([winner(1, 0n), winner(2, 7n)], 8n)).toEqual([winner(2, 8n)]);
    expect(payoutsOf([winner(1, 1n), winner(2, 1n)], 1n)).toEqual([winner(1, 1n)]);
  });

  it('pays nobody when there is nothing to pay', () => {
    expect(payoutsOf([], 0n)).toEqual([]);
    expect(payoutsOf([winner(1, 5n)], 0n)).toEqual([]);
    expect(payoutsOf([winner(1, 0n)], 0n)).toEqual([]);
  });

  it('carries everything else along, and needs no account', () => {
    expect(payoutsOf([{ seatId: 1, amount: 5n, note: 'main pot' }], 4n)).toEqual([
      { seatId: 1, amount: 4n, note: 'main pot' },
    ]);
  });

  it('refuses no winners when there is something to pay', () => {
    expect(payoutsOf([], 10n)).toEqual({
      kind: 'refusal',
      code: 'INVALID_REQUEST',
      message: 'name the winners of 10',
      field: 'winners',
    });
  });

  it('refuses winners of nothing when there is something to pay', () => {
    expect(payoutsOf([winner(1, 0n), winner(2, 0n)], 10n)).toEqual({
      kind: 'refusal',
      code: 'INVALID_AMOUNT',
      message: 'at least one winners.amount must be above zero',
      field: 'winners.amount',
    });
  });

  it.each([0n, 10n])('refuses an amount below zero when %p is to be paid', (distributable) => {
    expect(payoutsOf([winner(1, 11n), winner(2, -1n)], distributable)).toEqual({
      kind: 'refusal',
      code: 'INVALID_AMOUNT',
      message: 'winners.amount must not be less than zero',
      field: 'winners.amount',
    });
  });

  it('refuses an amount below zero that another one of the seat makes up for', () => {
    expect(payoutsOf([winner(1, 11n), winner(1, -1n)], 10n)).toMatchObject({ code: 'INVALID_AMOUNT' });
  });

  it('refuses a seat with two accounts', () => {
    expect(payoutsOf([winner(1, 5n, 'ada'), winner(1, 5n, 'bob')], 10n)).toEqual({
      kind: 'refusal',
      code: 'INVALID_REQUEST',
      message: 'seat 1 is named with two accounts; name the one that played there',
      field: 'winners.accountId',
    });
  });
});
