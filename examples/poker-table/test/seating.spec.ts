import {
  abortHand,
  confirmBuyIn,
  confirmCashOut,
  dropBuyIn,
  dropCashOut,
  startCashOut,
  startHand,
  startTopUp,
  takeSeat,
  type Table,
} from '../src/game/index.js';
import { granted, HAND, play, stacksOf, tableWith } from './support/tables.js';

const BUY_IN = { kind: 'buy-in', buyInId: 'b', reservationId: 'r', amount: 100n } as const;
const NEWCOMER = { seatId: 5, userId: 'new', autoTopUp: false };

function withNewcomer(): Table {
  return granted(takeSeat(tableWith(100n, 100n), NEWCOMER, BUY_IN));
}

describe('a seat', () => {
  it.each([
    ['is taken', { ...NEWCOMER, seatId: 2 }, 'SEAT_TAKEN'],
    ['is not there', { ...NEWCOMER, seatId: 10 }, 'SEAT_UNKNOWN'],
    ['would be the second of the player', { ...NEWCOMER, userId: 'u1' }, 'ALREADY_SEATED'],
  ])('is refused when it %s', (_why, request, code) => {
    expect(takeSeat(tableWith(100n, 100n), request, BUY_IN)).toMatchObject({ ok: false, code });
  });

  it.each([0n, 10_001n])('is refused for %s chips', (amount) => {
    expect(takeSeat(tableWith(), NEWCOMER, { ...BUY_IN, amount })).toMatchObject({
      ok: false,
      code: 'BUY_IN_OUT_OF_RANGE',
    });
  });

  it('is kept without chips and dealt out until the chips have arrived', () => {
    const waiting = withNewcomer();
    expect(stacksOf(waiting)).toEqual([100n, 100n, 0n]);
    expect(granted(startHand(waiting, HAND)).table.hand?.players.map(({ seatId }) => seatId)).toEqual([1, 2]);
    const seated = confirmBuyIn(waiting, 5, 'b');
    expect(stacksOf(seated)).toEqual([100n, 100n, 100n]);
    expect(granted(startHand(seated, HAND)).table.hand?.players).toHaveLength(3);
  });

  it('gets its chips once, however often they are confirmed', () => {
    const seated = confirmBuyIn(confirmBuyIn(withNewcomer(), 5, 'b'), 5, 'b');
    expect(stacksOf(seated)).toEqual([100n, 100n, 100n]);
  });

  it('is free again when the chips do not arrive', () => {
    const dropped = dropBuyIn(withNewcomer(), 5, 'b');
    expect(dropped).toEqual(tableWith(100n, 100n));
  });

  it('is not lost by a drop that comes after the chips', () => {
    const seated = confirmBuyIn(withNewcomer(), 5, 'b');
    expect(dropBuyIn(seated, 5, 'b')).toEqual(seated);
  });
});

describe('a top-up', () => {
  it('adds to the stack when it is confirmed', () => {
    const waiting = granted(startTopUp(tableWith(100n, 100n), 1, BUY_IN));
    expect(stacksOf(waiting)).toEqual([100n, 100n]);
    expect(stacksOf(confirmBuyIn(waiting, 1, 'b'))).toEqual([200n, 100n]);
    expect(stacksOf(dropBuyIn(waiting, 1, 'b'))).toEqual([100n, 100n]);
  });

  it('is not decided by what became of an earlier one', () => {
    const waiting = granted(startTopUp(tableWith(100n, 100n), 1, BUY_IN));
    expect(confirmBuyIn(waiting, 1, 'earlier')).toBe(waiting);
    expect(dropBuyIn(waiting, 1, 'earlier')).toBe(waiting);
  });

  it('is refused above the largest buy-in', () => {
    const { ok } = startTopUp(tableWith(9_901n, 100n), 1, BUY_IN);
    expect(ok).toBe(false);
  });

  it('waits for the end of the hand', () => {
    const { table } = play(tableWith(100n, 100n));
    expect(startTopUp(table, 1, BUY_IN)).toMatchObject({ ok: false, code: 'IN_HAND' });
  });
});

describe('leaving', () => {
  it('waits for the end of the hand, also after folding', () => {
    const { table } = play(tableWith(100n, 100n, 100n), [1, 'fold']);
    expect(startCashOut(table, 1, 'c')).toMatchObject({ ok: false, code: 'IN_HAND' });
    const over = granted(abortHand(table, HAND, 'lights out')).table;
    expect(startCashOut(over, 1, 'c')).toMatchObject({ ok: true });
  });

  it('keeps the chips at the seat until the account has them', () => {
    const standing = granted(startCashOut(tableWith(100n, 70n), 2, 'c'));
    expect(stacksOf(standing)).toEqual([100n, 70n]);
    expect(startHand(standing, HAND)).toMatchObject({ ok: false, code: 'TOO_FEW_PLAYERS' });
    expect(stacksOf(confirmCashOut(standing, 2, 'c'))).toEqual([100n]);
    expect(dropCashOut(standing, 2, 'c')).toEqual(tableWith(100n, 70n));
  });

  it('continues what was begun when it is asked for again', () => {
    const standing = granted(startCashOut(tableWith(100n, 70n), 2, 'c'));
    expect(granted(startCashOut(standing, 2, 'another'))).toBe(standing);
    expect(confirmCashOut(standing, 2, 'another')).toBe(standing);
  });

  it('is not possible while chips are on their way', () => {
    expect(startCashOut(withNewcomer(), 5, 'c')).toMatchObject({ ok: false, code: 'SEAT_BUSY' });
    expect(startCashOut(withNewcomer(), 6, 'c')).toMatchObject({ ok: false, code: 'SEAT_EMPTY' });
  });
});
