import { beforeEach, describe, expect, it } from '@jest/globals';
import { deposit, setStatus, update, withdraw } from '../../test/support/command-builders.js';
import { MemoryLedger, START_MS } from '../../test/support/memory-ledger.js';
import { commit, extend, release, reservationOf, reserve } from '../../test/support/reservation-builders.js';
import { codesOf } from '../../test/support/table-builders.js';
import type { Reservation } from '../reservations/index.js';

const DAY_MS = 86_400_000;
let ledger: MemoryLedger;

beforeEach(() => {
  ledger = new MemoryLedger();
  ledger.execute(deposit('alice', 100n));
});

function hold(amount: bigint, timeoutMs = 30_000): Reservation {
  return reservationOf(ledger.execute(reserve('alice', amount, { timeoutMs })));
}

describe('a release', () => {
  it('gives the funds back, and moves nothing', () => {
    const held = hold(60n);
    ledger.nowMs += 5_000;
    const details = { performedBy: 'op-1', reason: 'left' };
    const released = reservationOf(ledger.execute({ ...release(held), details }));
    expect(released).toEqual({
      ...held,
      status: 'RELEASED',
      resolvedAtMs: START_MS + 5_000,
      balanceAfter: 100n,
      availableAfter: 100n,
    });
    expect(ledger.account('alice')).toMatchObject({
      balance: 100n,
      held: 0n,
      nextExpiryAtMs: null,
      sequence: 1n,
    });
    expect(ledger.lastWriteSet).toMatchObject({ entries: [], reservations: [{ isNew: false }] });
    const fact = ledger.state.facts.at(-1);
    expect(fact?.kind).toBe('RESERVATION_RELEASED');
    expect(JSON.parse(fact?.dataJson ?? '')).toMatchObject({
      reservation: { status: 'RELEASED' },
      performedBy: 'op-1',
      reason: 'left',
    });
  });

  it('again is answered as the first, and writes nothing', () => {
    const held = hold(60n);
    const first = ledger.execute(release(held));
    ledger.nowMs += 60_000;
    ledger.execute(withdraw('alice', 100n));
    ledger.forget();
    expect(ledger.execute(release(held))).toEqual({ outcome: first.outcome, isReplayed: false });
    expect(ledger.lastWriteSet).toMatchObject({ facts: [], reservations: [], changedAccounts: [] });
  });

  it('of a committed one is refused, and says what to do instead', () => {
    const held = hold(60n);
    ledger.execute(commit(held));
    expect(ledger.execute(release(held)).outcome).toEqual({
      kind: 'refusal',
      code: 'ALREADY_COMMITTED',
      message: `reservation ${held.reservationId} is committed; reverse its transaction instead`,
      field: 'reservationId',
    });
    expect(ledger.balance('alice')).toBe(40n);
  });

  it('of one of several keeps the others held, and the bound of their times', () => {
    const [first, second] = [hold(60n, 20_000), hold(30n, 40_000)];
    ledger.execute(release(first));
    const { held, nextExpiryAtMs } = ledger.account('alice');
    expect(held).toBe(30n);
    // A lower bound: it may be early, and is mended when it is reached.
    expect(nextExpiryAtMs).toBe(START_MS + 20_000);
    ledger.nowMs = START_MS + 20_000;
    ledger.execute(withdraw('alice', 1n));
    expect(ledger.account('alice')).toMatchObject({ held: 30n, nextExpiryAtMs: START_MS + 40_000 });
    expect(ledger.reservation(second.reservationId).status).toBe('HELD');
  });

  it('lets the account be closed', () => {
    ledger.execute(withdraw('alice', 40n));
    const held = hold(60n);
    ledger.execute(commit(held, 1n));
    ledger.execute(withdraw('alice', 59n));
    expect(codesOf([ledger.execute(setStatus('alice', 'closed'))])).toEqual(['account']);
  });

  it('of what a limit stands on lets that be raised', () => {
    const held = hold(60n);
    const raise = update('alice', { limits: { minimumHold: 41n } });
    expect(codesOf([ledger.execute(raise)])).toEqual(['LIMIT_BELOW_USAGE']);
    ledger.execute(release(held));
    expect(codesOf([ledger.execute(raise)])).toEqual(['account']);
  });
});

describe('an extension', () => {
  it('counts from now', () => {
    const held = hold(60n);
    ledger.nowMs += 29_999;
    const extended = reservationOf(ledger.execute(extend(held, 10_000)));
    expect(extended).toEqual({ ...held, expiresAtMs: START_MS + 39_999 });
    expect(ledger.account('alice')).toMatchObject({ held: 60n, balance: 100n });
    expect(ledger.state.facts.at(-1)?.kind).toBe('RESERVATION_EXTENDED');
    ledger.nowMs = START_MS + 39_998;
    expect(codesOf([ledger.execute(commit(held))])).toEqual(['reservation']);
  });

  it('ends at its own time, to the millisecond', () => {
    const held = hold(60n);
    ledger.execute(extend(held, 40_000));
    ledger.nowMs = START_MS + 30_000;
    ledger.execute(withdraw('alice', 1n));
    expect(ledger.account('alice')).toMatchObject({ held: 60n, nextExpiryAtMs: START_MS + 40_000 });
    ledger.nowMs = START_MS + 40_000;
    expect(codesOf([ledger.execute(commit(held))])).toEqual(['RESERVATION_EXPIRED']);
  });

  it('may shorten, and the bound of the account follows', () => {
    const held = hold(60n);
    ledger.execute(extend(held, 1_000));
    expect(ledger.account('alice').nextExpiryAtMs).toBe(START_MS + 1_000);
    ledger.nowMs = START_MS + 1_000;
    expect(codesOf([ledger.execute(withdraw('alice', 100n))])).toEqual(['transaction']);
    expect(ledger.reservation(held.reservationId)).toMatchObject({
      status: 'EXPIRED',
      resolvedAtMs: START_MS + 1_000,
    });
  });

  it.each<[string, (held: Reservation) => unknown, string]>([
    ['a released one', (held) => ledger.execute(release(held)), 'RESERVATION_NOT_HELD'],
    ['a committed one', (held) => ledger.execute(commit(held)), 'ALREADY_COMMITTED'],
    ['an expired one', () => (ledger.nowMs += 30_000), 'RESERVATION_EXPIRED'],
  ])('of %s is refused', (_, end, code) => {
    const held = hold(60n);
    end(held);
    expect(ledger.execute(extend(held, 1_000)).outcome).toMatchObject({ code, field: 'reservationId' });
    expect(ledger.reservation(held.reservationId).expiresAtMs).toBe(START_MS + 30_000);
  });

  it.each([0, -1, DAY_MS + 1, NaN])('by %d ms is refused', (timeoutMs) => {
    expect(ledger.execute(extend(hold(60n), timeoutMs)).outcome).toMatchObject({
      code: 'INVALID_REQUEST',
      field: 'timeoutSeconds',
    });
  });

  it('is allowed on a frozen account: nothing leaves it', () => {
    const held = hold(60n);
    ledger.execute(setStatus('alice', 'frozen'));
    expect(reservationOf(ledger.execute(extend(held, DAY_MS))).expiresAtMs).toBe(START_MS + DAY_MS);
  });
});
