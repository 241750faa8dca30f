import { beforeEach, describe, expect, it } from '@jest/globals';
import { deposit, open, setStatus, transfer, update, withdraw } from '../../test/support/command-builders.js';
import { MemoryLedger, RESERVATION_TIMEOUT_MS, START_MS } from '../../test/support/memory-ledger.js';
import {
  commit,
  reservationOf,
  reserve,
  reserveBuyIn,
  reserveFor,
} from '../../test/support/reservation-builders.js';
import { codesOf } from '../../test/support/table-builders.js';
import { parseId } from './ids.js';
import type { Reserve } from './reservation-commands.js';

const AMOUNT_MAX = 9_007_199_254_740_991n;
const DAY_MS = 86_400_000;
let ledger: MemoryLedger;

beforeEach(() => {
  ledger = new MemoryLedger();
  ledger.execute(deposit('alice', 100n));
});

describe('a reservation', () => {
  it('holds funds: the balance stays, what is available shrinks', () => {
    const { bucket } = ledger.account('alice');
    const details = { reason: 'seat', metadata: { seat: 4 } };
    const command = reserveBuyIn(['alice', 't-1'], 60n, { reference: 'ref-1', details });
    const reservation = reservationOf(ledger.execute(command));
    expect(reservation).toEqual({
      bucket,
      sequence: 3n,
      reservationId: reservation.reservationId,
      accountId: 'alice',
      currency: 'CHIPS',
      amount: 60n,
      target: { kind: 'table', tableId: 't-1' },
      status: 'HELD',
      captured: 0n,
      reference: 'ref-1',
      metadataJson: '{"reason":"seat","seat":4}',
      createdAtMs: START_MS,
      expiresAtMs: START_MS + 30_000,
      resolvedAtMs: null,
      transactionId: null,
      balanceAfter: 100n,
      availableAfter: 40n,
    });
    expect(ledger.account('alice')).toMatchObject({
      balance: 100n,
      held: 60n,
      nextExpiryAtMs: START_MS + 30_000,
      version: 3n,
      sequence: 1n,
    });
    expect(ledger.reservation(reservation.reservationId)).toEqual(reservation);
  });

  it('has an id that says where it is, and a fact that holds all of it', () => {
    const details = { performedBy: 'op-1', reason: 'why' };
    const reservation = reservationOf(ledger.execute(reserve('alice', 60n, { details })));
    const { bucket, sequence } = reservation;
    expect(parseId(reservation.reservationId)).toEqual({
      bucket,
      sequence,
      committedAtMs: START_MS,
      ordinal: 0,
    });
    const fact = ledger.state.facts.at(-1);
    expect(fact).toMatchObject({
      key: { bucket, sequence },
      kind: 'RESERVATION_HELD',
      idempotencyKey: 'key-2',
    });
    expect(JSON.parse(fact?.dataJson ?? '')).toMatchObject({
      reservation: { reservationId: reservation.reservationId, amount: '60', status: 'HELD' },
      performedBy: 'op-1',
      reason: 'why',
    });
  });

  it('writes no entry: nothing has moved', () => {
    ledger.execute(reserve('alice', 60n));
    expect(ledger.lastWriteSet).toMatchObject({
      entries: [],
      openedAccounts: [],
      changedAccounts: [{ expectedVersion: 2n, isProfileChanged: false }],
      reservations: [{ isNew: true }],
    });
    ledger.verifyChains();
  });

  it('keeps what it holds from withdrawals, transfers and other reservations', () => {
    ledger.execute(deposit('bob', 1n));
    ledger.execute(reserve('alice', 60n));
    const commands = [withdraw('alice', 41n), transfer(['alice', 'bob'], 41n), reserve('alice', 41n)];
    expect(codesOf(commands.map((command) => ledger.execute(command)))).toEqual([
      'INSUFFICIENT_BALANCE',
      'INSUFFICIENT_BALANCE',
      'INSUFFICIENT_BALANCE',
    ]);
    expect(codesOf([ledger.execute(withdraw('alice', 40n))])).toEqual(['transaction']);
  });

  it('stands beside others, each with its own time', () => {
    const first = reservationOf(ledger.execute(reserve('alice', 10n, { timeoutMs: 50_000 })));
    const second = reservationOf(ledger.execute(reserve('alice', 20n, { timeoutMs: 20_000 })));
    const third = reservationOf(ledger.execute(reserve('alice', 70n)));
    expect([first, second, third].map(({ availableAfter }) => availableAfter)).toEqual([90n, 70n, 0n]);
    expect(ledger.account('alice')).toMatchObject({ held: 100n, nextExpiryAtMs: START_MS + 20_000 });
    expect(ledger.execute(reserve('alice', 1n)).outcome).toMatchObject({ code: 'INSUFFICIENT_BALANCE' });
  });

  it('may hold credit, but not the minimum hold', () => {
    ledger.execute(update('alice', { limits: { creditLimit: 50n, minimumHold: 20n } }));
    expect(codesOf([ledger.execute(reserve('alice', 131n))])).toEqual(['INSUFFICIENT_BALANCE']);
    expect(reservationOf(ledger.execute(reserve('alice', 130n)))).toMatchObject({
      balanceAfter: 100n,
      availableAfter: 0n,
    });
  });

  it('says that an account without a floor has all the platform can count', () => {
    ledger.execute(update('alice', { limits: { creditLimit: null } }));
    expect(reservationOf(ledger.execute(reserve('alice', 500n)))).toMatchObject({
      balanceAfter: 100n,
      availableAfter: AMOUNT_MAX,
    });
  });

  it('of an account that the same batch opens', () => {
    const [, answer] = ledger.executeBatch([
      ledger.prepare(deposit('new', 5n)),
      ledger.prepare(reserve('new', 5n)),
    ]);
    expect(answer?.outcome).toMatchObject({ reservation: { accountId: 'new', availableAfter: 0n } });
    expect(ledger.lastWriteSet?.openedAccounts).toMatchObject([{ accountId: 'new', held: 5n }, {}]);
    ledger.verifyChains();
  });

  it('holds for as long as the deployment says when it does not say', () => {
    const other = new MemoryLedger({ reservationTimeoutMs: 5_000 });
    other.execute(deposit('alice', 1n));
    expect(reservationOf(other.execute(reserve('alice', 1n)))).toMatchObject({
      expiresAtMs: START_MS + 5_000,
    });
    const own = reservationOf(ledger.execute(reserve('alice', 1n)));
    expect(own.expiresAtMs - START_MS).toBe(RESERVATION_TIMEOUT_MS);
  });

  it.each([1, DAY_MS])('holds for %d ms', (timeoutMs) => {
    expect(reservationOf(ledger.execute(reserve('alice', 1n, { timeoutMs })))).toMatchObject({
      expiresAtMs: START_MS + timeoutMs,
    });
  });
});

describe('a reservation is refused', () => {
  const account = (accountId: string): Partial<Reserve> => ({ target: { kind: 'account', accountId } });

  it.each<[string, Reserve, string, string]>([
    ['of nobody', reserve('nobody', 1n), 'ACCOUNT_NOT_FOUND', 'accountId'],
    ['of more than is there', reserve('alice', 101n), 'INSUFFICIENT_BALANCE', 'amount'],
    ['of a frozen account', reserve('frozen', 1n), 'ACCOUNT_FROZEN', 'accountId'],
    ['of a closed account', reserve('closed', 1n), 'ACCOUNT_CLOSED', 'accountId'],
    ['for no time', reserve('alice', 1n, { timeoutMs: 0 }), 'INVALID_REQUEST', 'timeoutSeconds'],
    ['for less than no time', reserve('alice', 1n, { timeoutMs: -1 }), 'INVALID_REQUEST', 'timeoutSeconds'],
    [
      'for more than a day',
      reserve('alice', 1n, { timeoutMs: DAY_MS + 1 }),
      'INVALID_REQUEST',
      'timeoutSeconds',
    ],
    ['for nobody', reserve('alice', 1n, account('nobody')), 'ACCOUNT_NOT_FOUND', 'to'],
    ['for another currency', reserve('alice', 1n, account('pavel')), 'CURRENCY_MISMATCH', 'to'],
    ['for a frozen account', reserve('alice', 1n, account('frozen')), 'ACCOUNT_FROZEN', 'to'],
    ['for a closed account', reserve('alice', 1n, account('closed')), 'ACCOUNT_CLOSED', 'to'],
  ])('%s', (_, command, code, field) => {
    ledger.give('frozen', { balance: 10n, status: 'frozen' });
    ledger.give('closed', { status: 'closed' });
    ledger.give('pavel', { currency: 'CZK' });
    const before = ledger.snapshot();
    expect(ledger.execute(command).outcome).toMatchObject({ kind: 'refusal', code, field });
    expect(ledger.state.accounts).toEqual(before.accounts);
    expect(ledger.state.facts).toEqual(before.facts);
    expect(ledger.state.reservations.size).toBe(0);
  });

  it('when all that is held would leave the range', () => {
    ledger.execute(open('endless', { limits: { creditLimit: null } }));
    ledger.give('rich', { balance: AMOUNT_MAX, creditLimit: AMOUNT_MAX });
    for (const name of ['endless', 'rich']) {
      expect(codesOf([ledger.execute(reserve(name, AMOUNT_MAX)), ledger.execute(reserve(name, 1n))])).toEqual(
        ['reservation', 'AMOUNT_OUT_OF_RANGE'],
      );
    }
  });
});

describe('the account that a reservation is for', () => {
  it('may be in another bucket, whose head the batch then guards', () => {
    ledger.give('bob');
    ledger.execute(reserveFor(['alice', 'bob'], 60n));
    const buckets = [ledger.account('alice').bucket, ledger.account('bob').bucket];
    expect(new Set(buckets).size).toBe(2);
    expect(ledger.lastWriteSet?.heads.map(({ bucket }) => bucket)).toEqual(buckets.sort());
    expect(ledger.account('bob')).toMatchObject({ balance: 0n, version: 1n });
  });

  it('is looked at again when the funds are to move', () => {
    ledger.give('bob', { maxBalance: 59n });
    const reservation = reservationOf(ledger.execute(reserveFor(['alice', 'bob'], 60n)));
    expect(codesOf([ledger.execute(commit(reservation))])).toEqual(['LIMIT_EXCEEDED']);
    ledger.execute(setStatus('bob', 'closed'));
    expect(codesOf([ledger.execute(commit(reservation))])).toEqual(['ACCOUNT_CLOSED']);
    expect(ledger.account('alice')).toMatchObject({ balance: 100n, held: 60n });
  });
});
