import { beforeEach, describe, expect, it } from '@jest/globals';
import { deposit, reverse, setStatus, update, withdraw } from '../../test/support/command-builders.js';
import { MemoryLedger, START_MS } from '../../test/support/memory-ledger.js';
import {
  commit,
  extend,
  release,
  reservationOf,
  reserve,
  reserveBuyIn,
  reserveFor,
} from '../../test/support/reservation-builders.js';
import { codesOf } from '../../test/support/table-builders.js';
import type { Reservation } from '../reservations/index.js';
import { transactionIdOf } from './ids.js';

const AMOUNT_MAX = 9_007_199_254_740_991n;
let ledger: MemoryLedger;

beforeEach(() => {
  ledger = new MemoryLedger();
  ledger.execute(deposit('alice', 100n));
});

function hold(amount: bigint, accountId = 'alice'): Reservation {
  return reservationOf(ledger.execute(reserve(accountId, amount)));
}

/** The type of the transaction that committed a reservation, and what it moved by account. */
function movedBy({ transactionId }: Reservation): unknown {
  const { type, legs } = ledger.transaction(transactionId ?? '');
  return [type, ...legs.map(({ accountId, amount }) => [accountId, amount])];
}

describe('a commit', () => {
  it('of all moves what was held, by one transaction', () => {
    const held = hold(60n);
    ledger.nowMs += 1_000;
    const committed = reservationOf(ledger.execute(commit(held)));
    expect(committed).toEqual({
      ...held,
      status: 'COMMITTED',
      captured: 60n,
      resolvedAtMs: START_MS + 1_000,
      transactionId: committed.transactionId,
      balanceAfter: 40n,
      availableAfter: 40n,
    });
    expect(movedBy(committed)).toEqual(['WITHDRAW', ['alice', -60n], ['@world/CHIPS', 60n]]);
    expect(ledger.account('alice')).toMatchObject({
      balance: 40n,
      held: 0n,
      nextExpiryAtMs: null,
      version: 4n,
    });
    expect(ledger.reservation(held.reservationId)).toEqual(committed);
    ledger.verifyChains();
  });

  it('of a part releases the rest', () => {
    const committed = reservationOf(ledger.execute(commit(hold(60n), 25n)));
    expect(committed).toMatchObject({ amount: 60n, captured: 25n, balanceAfter: 75n, availableAfter: 75n });
    expect(ledger.account('alice')).toMatchObject({ balance: 75n, held: 0n, nextExpiryAtMs: null });
    expect(codesOf([ledger.execute(withdraw('alice', 75n))])).toEqual(['transaction']);
  });

  it('names its reservation, and its table, on the entries', () => {
    const held = reservationOf(ledger.execute(reserveBuyIn(['alice', 't-1'], 60n)));
    ledger.execute({ ...commit(held), details: { reason: 'sits down' } });
    const { reservationId } = held;
    expect(JSON.parse(ledger.state.facts.at(-1)?.dataJson ?? '')).toEqual({
      reason: 'sits down',
      reservationId,
      tableId: 't-1',
    });
  });

  it.each<[string, bigint | undefined]>([
    ['for the same amount', 25n],
    ['for whatever there was', undefined],
  ])('again %s is answered as the first, and moves nothing', (_, amount) => {
    const held = hold(60n);
    const first = ledger.execute(commit(held, 25n));
    ledger.nowMs += 60_000;
    ledger.execute(withdraw('alice', 5n));
    ledger.forget();
    expect(ledger.execute(commit(held, amount))).toEqual({ outcome: first.outcome, isReplayed: false });
    expect(ledger.lastWriteSet).toMatchObject({
      facts: [],
      entries: [],
      reservations: [],
      changedAccounts: [],
    });
    expect(ledger.balance('alice')).toBe(70n);
  });

  it.each([24n, 26n, 60n, 61n])('again for %d after 25 is refused', (amount) => {
    const held = hold(60n);
    ledger.execute(commit(held, 25n));
    expect(ledger.execute(commit(held, amount)).outcome).toEqual({
      kind: 'refusal',
      code: 'ALREADY_COMMITTED',
      message: `reservation ${held.reservationId} was committed with 25`,
      field: 'amount',
    });
    expect(ledger.balance('alice')).toBe(75n);
  });

  it('twice within one batch moves once', () => {
    const held = hold(60n);
    const [first, second, third] = ledger.executeBatch([
      ledger.prepare(commit(held, 60n)),
      ledger.prepare(commit(held)),
      ledger.prepare(release(held)),
    ]);
    expect(second).toEqual(first);
    expect(third?.outcome).toMatchObject({ code: 'ALREADY_COMMITTED' });
    expect(ledger.balance('alice')).toBe(40n);
    expect(ledger.lastWriteSet?.reservations).toMatchObject([{ isNew: false }]);
  });

  it('may come in the batch that holds: the row is written once, as it ended', () => {
    // Its place can be foreseen where nobody else writes: the next fact of the account's bucket.
    const foreseen = { ...hold(10n), sequence: 4n };
    const reservationId = transactionIdOf(foreseen, START_MS);
    const answers = ledger.executeBatch([
      ledger.prepare(reserve('alice', 60n)),
      ledger.prepare(commit({ ...foreseen, reservationId })),
    ]);
    expect(codesOf(answers)).toEqual(['reservation', 'reservation']);
    expect(ledger.lastWriteSet?.reservations).toMatchObject([
      { isNew: true, reservation: { sequence: 4n, status: 'COMMITTED', captured: 60n } },
    ]);
    expect(ledger.account('alice')).toMatchObject({ balance: 40n, held: 10n });
    ledger.verifyChains();
  });

  it('leaves other reservations of the account as they are', () => {
    const [first, second] = [hold(60n), hold(40n)];
    expect(reservationOf(ledger.execute(commit(first)))).toMatchObject({
      balanceAfter: 40n,
      availableAfter: 0n,
    });
    expect(ledger.account('alice')).toMatchObject({ held: 40n, nextExpiryAtMs: START_MS + 30_000 });
    expect(reservationOf(ledger.execute(commit(second)))).toMatchObject({
      balanceAfter: 0n,
      availableAfter: 0n,
    });
  });

  it('may be of the credit that was held', () => {
    ledger.execute(update('alice', { limits: { creditLimit: 50n } }));
    ledger.execute(commit(hold(150n)));
    expect(ledger.account('alice')).toMatchObject({ balance: -50n, held: 0n });
  });
});

describe('a commit is refused', () => {
  it.each([61n, AMOUNT_MAX])('of %d when 60 are held', (amount) => {
    const held = hold(60n);
    expect(ledger.execute(commit(held, amount)).outcome).toMatchObject({
      code: 'CAPTURE_EXCEEDS_HOLD',
      field: 'amount',
    });
    expect(ledger.account('alice')).toMatchObject({ balance: 100n, held: 60n });
    expect(codesOf([ledger.execute(commit(held))])).toEqual(['reservation']);
  });

  it('after a release', () => {
    const held = hold(60n);
    ledger.execute(release(held));
    expect(ledger.execute(commit(held)).outcome).toMatchObject({
      code: 'RESERVATION_NOT_HELD',
      field: 'reservationId',
    });
    expect(ledger.balance('alice')).toBe(100n);
  });

  it('of a reservation that there is not, though its bucket and account are', () => {
    const held = hold(60n);
    const { bucket } = held;
    const strangers = [
      { ...held, sequence: 999n },
      { ...held, reservationId: held.reservationId.replace(/.$/, 'f') },
      // The fact of the deposit: there is one, but it is no reservation.
      { ...held, bucket, sequence: 2n },
    ];
    for (const stranger of strangers) {
      expect(
        codesOf([commit(stranger), release(stranger), extend(stranger, 1_000)].map((c) => ledger.execute(c))),
      ).toEqual(['RESERVATION_NOT_FOUND', 'RESERVATION_NOT_FOUND', 'RESERVATION_NOT_FOUND']);
    }
    expect(ledger.account('alice').held).toBe(60n);
  });

  it('while the account is frozen; it may be released all the same', () => {
    const held = hold(60n);
    ledger.execute(setStatus('alice', 'frozen'));
    expect(codesOf([ledger.execute(commit(held))])).toEqual(['ACCOUNT_FROZEN']);
    expect(reservationOf(ledger.execute(release(held)))).toMatchObject({ status: 'RELEASED' });
    expect(ledger.account('alice')).toMatchObject({ balance: 100n, held: 0n, status: 'frozen' });
  });

  it('when the balance sank to the end of the range, there being no floor', () => {
    ledger.give('endless', { creditLimit: null, balance: -AMOUNT_MAX + 5n });
    const held = reservationOf(ledger.execute(reserveBuyIn(['endless', 't-1'], 5n)));
    ledger.execute(withdraw('endless', 1n));
    expect(codesOf([ledger.execute(commit(held))])).toEqual(['AMOUNT_OUT_OF_RANGE']);
    expect(reservationOf(ledger.execute(commit(held, 4n)))).toMatchObject({ balanceAfter: -AMOUNT_MAX });
  });

  it('when the receiver would leave the range', () => {
    ledger.give('rich', { balance: AMOUNT_MAX });
    const held = reservationOf(ledger.execute(reserveFor(['alice', 'rich'], 1n)));
    expect(codesOf([ledger.execute(commit(held))])).toEqual(['AMOUNT_OUT_OF_RANGE']);
  });

  it('and nothing of it remains when it was part of an atomic group', () => {
    const held = hold(60n);
    const before = ledger.snapshot();
    const answers = ledger.executeBatch([
      [ledger.prepare(commit(held)), ledger.prepare(withdraw('alice', 41n))],
    ]);
    expect(codesOf(answers)).toEqual(['ATOMIC_BATCH_REFUSED', 'INSUFFICIENT_BALANCE']);
    expect(ledger.state).toEqual(before);
    expect(codesOf([ledger.execute(commit(held))])).toEqual(['reservation']);
    ledger.verifyChains();
  });
});

describe('the target of a commit', () => {
  it('may be an account of another bucket', () => {
    ledger.give('bob', { balance: 1n });
    const committed = reservationOf(
      ledger.execute(commit(reservationOf(ledger.execute(reserveFor(['alice', 'bob'], 60n))), 50n)),
    );
    expect(movedBy(committed)).toEqual(['TRANSFER', ['alice', -50n], ['bob', 50n]]);
    expect([ledger.balance('alice'), ledger.balance('bob')]).toEqual([50n, 51n]);
    expect(ledger.lastWriteSet?.facts.map(({ home }) => home?.bucket)).toEqual([undefined, committed.bucket]);
  });

  it('may be an account of the same bucket', () => {
    const names = Array.from({ length: 50 }, (_, i) => `player-${i}`);
    const { bucket } = ledger.account('alice');
    const near = names.find((name) => ledger.prepare(deposit(name, 1n)).homeBucket === bucket) ?? '';
    ledger.execute(deposit(near, 1n));
    ledger.execute(commit(reservationOf(ledger.execute(reserveFor(['alice', near], 60n)))));
    expect([ledger.balance('alice'), ledger.balance(near)]).toEqual([40n, 61n]);
    expect(ledger.lastWriteSet?.facts).toHaveLength(1);
  });

  it('that is an account stops at its ceiling like a transfer', () => {
    ledger.give('bob', { maxBalance: 59n });
    const held = reservationOf(ledger.execute(reserveFor(['alice', 'bob'], 60n)));
    expect(codesOf([ledger.execute(commit(held)), ledger.execute(commit(held, 59n))])).toEqual([
      'LIMIT_EXCEEDED',
      'reservation',
    ]);
  });

  it('may be a table, whose account its first buy-in opens', () => {
    const committed = reservationOf(
      ledger.execute(commit(reservationOf(ledger.execute(reserveBuyIn(['alice', 't-1'], 60n))))),
    );
    expect(movedBy(committed)).toEqual(['BUY_IN', ['alice', -60n], ['@table/t-1/CHIPS', 60n]]);
    expect(ledger.account('@table/t-1/CHIPS')).toMatchObject({ balance: 60n, creditLimit: 0n });
    ledger.execute(commit(reservationOf(ledger.execute(reserveBuyIn(['alice', 't-1'], 40n)))));
    expect(ledger.account('@table/t-1/CHIPS')).toMatchObject({ balance: 100n, sequence: 2n });
    ledger.verifyChains();
  });

  it('that is a table has an account for each currency', () => {
    ledger.execute(deposit('pavel', 10n, { currency: 'CZK' }));
    ledger.execute(commit(reservationOf(ledger.execute(reserveBuyIn(['alice', 't-1'], 60n)))));
    ledger.execute(commit(reservationOf(ledger.execute(reserveBuyIn(['pavel', 't-1'], 7n)))));
    expect([ledger.balance('@table/t-1/CHIPS'), ledger.balance('@table/t-1/CZK')]).toEqual([60n, 7n]);
  });

  it('that is the world can be reversed like a withdrawal, and the reservation stays committed', () => {
    const held = hold(60n);
    const committed = reservationOf(ledger.execute(commit(held)));
    ledger.execute(reverse(ledger.transaction(committed.transactionId ?? '')));
    expect(ledger.balance('alice')).toBe(100n);
    expect(ledger.reservation(held.reservationId).status).toBe('COMMITTED');
  });

  it('that is a table cannot be reversed: the chips leave it by a cash-out', () => {
    const held = reservationOf(ledger.execute(reserveBuyIn(['alice', 't-1'], 60n)));
    const { transactionId } = reservationOf(ledger.execute(commit(held)));
    expect(ledger.execute(reverse(ledger.transaction(transactionId ?? ''))).outcome).toMatchObject({
      code: 'NOT_REVERSIBLE',
      field: 'transactionId',
    });
    expect(ledger.balance('@table/t-1/CHIPS')).toBe(60n);
  });
});
