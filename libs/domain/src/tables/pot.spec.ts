import { describe, expect, it } from '@jest/globals';
import { netContribution, potTotal, seatOf, withSeat, type Pot, type PotSeat } from './pot.js';
import { potSeatsFromJson, potSeatsToJson } from './pot-snapshot.js';

const AMOUNT_MAX = 9_007_199_254_740_991n;

function seat(seatId: number, contributed: bigint, changes: Partial<PotSeat> = {}): PotSeat {
  return { seatId, accountId: `player-${seatId}`, contributed, returned: 0n, won: 0n, ...changes };
}

function potWith(...seats: PotSeat[]): Pot {
  return {
    tableId: 't-1',
    handId: 'h-1',
    bucket: 1,
    currency: 'CHIPS',
    status: 'ACTIVE',
    seats,
    rake: 0n,
    version: 1n,
    createdAtMs: 1,
    updatedAtMs: 1,
  };
}

describe('a pot', () => {
  it('is what was put in less what went back; what was won is not in it', () => {
    expect(potTotal(potWith(seat(1, 60n, { returned: 20n, won: 80n }), seat(2, 40n)))).toBe(80n);
    expect(potTotal(potWith())).toBe(0n);
    expect(netContribution(seat(1, 60n, { returned: 20n }))).toBe(40n);
  });

  it('knows its seats', () => {
    const pot = potWith(seat(0, 1n), seat(2, 3n));
    expect(seatOf(pot, 0)).toEqual(seat(0, 1n));
    expect(seatOf(pot, 1)).toBeUndefined();
  });

  it('keeps its seats in order, and the old pot as it was', () => {
    const pot = potWith(seat(2, 3n), seat(10, 5n));
    expect(withSeat(pot, seat(9, 7n)).seats.map(({ seatId }) => seatId)).toEqual([2, 9, 10]);
    expect(withSeat(pot, seat(2, 9n)).seats).toEqual([seat(2, 9n), seat(10, 5n)]);
    expect(pot.seats).toEqual([seat(2, 3n), seat(10, 5n)]);
  });
});

describe('the seats of a pot', () => {
  it('come back from their text', () => {
    const seats = [seat(0, AMOUNT_MAX * 3n, { returned: AMOUNT_MAX * 2n, won: AMOUNT_MAX }), seat(5, 1n)];
    expect(potSeatsFromJson(potSeatsToJson(seats))).toEqual(seats);
    expect(potSeatsFromJson(potSeatsToJson([]))).toEqual([]);
  });

  it('are written as canonical JSON, amounts as texts of digits', () => {
    expect(potSeatsToJson([seat(3, 5n)])).toBe(
      '[{"accountId":"player-3","contributed":"5","returned":"0","seatId":3,"won":"0"}]',
    );
  });

  it.each([
    ['no list', '{}'],
    ['no objects', '[1]'],
    ['without a seat', '[{"accountId":"a","contributed":"1","returned":"0","won":"0"}]'],
    ['without an account', '[{"seatId":1,"contributed":"1","returned":"0","won":"0"}]'],
    [
      'with an amount that is a number',
      '[{"seatId":1,"accountId":"a","contributed":1,"returned":"0","won":"0"}]',
    ],
    ['without an amount', '[{"seatId":1,"accountId":"a","contributed":"1","returned":"0"}]'],
  ])('that are %s are damage', (_, text) => {
    expect(() => potSeatsFromJson(text)).toThrow(/^pot: /);
  });
});
