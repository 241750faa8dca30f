import { beforeEach, describe, expect, it } from '@jest/globals';
import { deposit, open, setStatus, transfer, update, withdraw } from '../../test/support/command-builders.js';
import { BUCKETS, MemoryLedger, START_MS } from '../../test/support/memory-ledger.js';
import {
  commit,
  expireReservations,
  extend,
  release,
  reservationOf,
  reserve,
  reserveFor,
} from '../../test/support/reservation-builders.js';
import { buyIn, cashOut, codesOf, contribute, settle } from '../../test/support/table-builders.js';
import { openedAccount } from '../accounts/index.js';
import type { Reservation } from '../reservations/index.js';
import { Books } from './books.js';
import type { Command } from './commands.js';
import { PostingBatch } from './posting-batch.js';
import { prepare } from './prepared-command.js';

const EXPIRES_AT_MS = START_MS + 30_000;
let ledger: MemoryLedger;

beforeEach(() => {
  ledger = new MemoryLedger();
  ledger.execute(deposit('alice', 100n));
  ledger.execute(deposit('bob', 100n));
});

function hold(amount: bigint, timeoutMs = 30_000, accountId = 'alice'): Reservation {
  return reservationOf(ledger.execute(reserve(accountId, amount, { timeoutMs })));
}

function kindsOfLastWrite(): string[] {
  return ledger.lastWriteSet?.facts.map(({ kind }) => kind) ?? [];
}

describe('a reservation expires by the clock', () => {
  it('not a millisecond before its time', () => {
    const held = hold(60n);
    ledger.nowMs = EXPIRES_AT_MS - 1;
    expect(reservationOf(ledger.execute(commit(held)))).toMatchObject({
      status: 'COMMITTED',
      resolvedAtMs: EXPIRES_AT_MS - 1,
    });
  });

  it.each([0, 1, 86_400_000])(
    '%d ms after its time a commit is refused, and the end is written',
    (lateMs) => {
      const held = hold(60n);
      ledger.nowMs = EXPIRES_AT_MS + lateMs;
      ledger.forget();
      expect(ledger.execute(commit(held)).outcome).toEqual({
        kind: 'refusal',
        code: 'RESERVATION_EXPIRED',
        message: `reservation ${held.reservationId} has expired; reserve again`,
        field: 'reservationId',
      });
      expect(ledger.reservation(held.reservationId)).toEqual({
        ...held,
        status: 'EXPIRED',
        resolvedAtMs: EXPIRES_AT_MS,
        balanceAfter: 100n,
        availableAfter: 100n,
      });
      expect(ledger.account('alice')).toMatchObject({
        balance: 100n,
        held: 0n,
        nextExpiryAtMs: null,
        version: 4n,
      });
      expect(ledger.state.facts.at(-1)).toMatchObject({
        kind: 'RESERVATION_EXPIRED',
        committedAtMs: EXPIRES_AT_MS + lateMs,
        idempotencyKey: null,
      });
    },
  );

  it('and the refusal of the late commit stays under its key', () => {
    const held = hold(60n);
    ledger.nowMs = EXPIRES_AT_MS;
    const first = ledger.execute(commit(held), 'late');
    ledger.nowMs = START_MS;
    ledger.forget();
    expect(ledger.execute(commit(held), 'late')).toEqual({ outcome: first.outcome, isReplayed: true });
  });

  it('for good, though the clock goes back', () => {
    const held = hold(60n);
    ledger.nowMs = EXPIRES_AT_MS;
    ledger.execute(deposit('alice', 1n));
    ledger.nowMs = START_MS;
    expect(codesOf([commit(held), extend(held, 1_000)].map((one) => ledger.execute(one)))).toEqual([
      'RESERVATION_EXPIRED',
      'RESERVATION_EXPIRED',
    ]);
    expect(ledger.account('alice').held).toBe(0n);
  });

  it('and its release is granted: nothing is held', () => {
    const held = hold(60n);
    ledger.nowMs = EXPIRES_AT_MS;
    const first = reservationOf(ledger.execute(release(held)));
    expect(first).toMatchObject({ status: 'EXPIRED', resolvedAtMs: EXPIRES_AT_MS, availableAfter: 100n });
    expect(kindsOfLastWrite()).toEqual(['RESERVATION_EXPIRED']);
    expect(reservationOf(ledger.execute(release(held)))).toEqual(first);
    expect(kindsOfLastWrite()).toEqual([]);
  });
});

describe('what is due ends when its account is touched', () => {
  it.each<[string, Command, string]>([
    ['a withdrawal of all', withdraw('alice', 100n), 'transaction'],
    ['a deposit', deposit('alice', 1n), 'transaction'],
    ['a transfer from it', transfer(['alice', 'bob'], 100n), 'transaction'],
    ['a transfer to it', transfer(['bob', 'alice'], 1n), 'transaction'],
    ['a reservation of all', reserve('alice', 100n), 'reservation'],
    ['a reservation for it', reserveFor(['bob', 'alice'], 1n), 'reservation'],
    ['a change of limits', update('alice', { limits: { minimumHold: 100n } }), 'account'],
    ['a change of status', setStatus('alice', 'frozen'), 'account'],
    ['an opening that finds it open', open('alice'), 'account'],
    ['a refused withdrawal', withdraw('alice', 101n), 'INSUFFICIENT_BALANCE'],
    ['a refused closing', setStatus('alice', 'closed'), 'ACCOUNT_NOT_EMPTY'],
    ['the search for what is due', expireReservations('alice'), 'account'],
  ])('by %s', (_, command, code) => {
    const held = hold(60n);
    ledger.nowMs = EXPIRES_AT_MS;
    ledger.forget();
    expect(codesOf([ledger.execute(command)])).toEqual([code]);
    expect(kindsOfLastWrite()[0]).toBe('RESERVATION_EXPIRED');
    expect(ledger.reservation(held.reservationId).status).toBe('EXPIRED');
    ledger.verifyChains();
  });

  it('by the commit, the release and the extension of another of its reservations', () => {
    for (const step of [commit, release, (one: Reservation) => extend(one, 5_000)]) {
      const [short, long] = [hold(10n, 1_000), hold(20n)];
      ledger.nowMs += 1_000;
      expect(codesOf([ledger.execute(step(long))])).toEqual(['reservation']);
      expect(ledger.reservation(short.reservationId).status).toBe('EXPIRED');
    }
  });

  it('by a win and a cash-out', () => {
    buyIn(ledger, ['bob', 't-1'], 50n);
    ledger.execute(contribute(1, 10n, { accountId: 'bob' }));
    for (const command of [settle([[1, 10n, 'alice']]), cashOut('alice', 5n)]) {
      const held = hold(60n, 1_000);
      ledger.nowMs += 1_000;
      ledger.execute(command);
      expect(ledger.reservation(held.reservationId).status).toBe('EXPIRED');
    }
    expect(ledger.account('alice')).toMatchObject({ balance: 115n, held: 0n });
  });

  it('not by a replay: nothing is decided', () => {
    const command = ledger.prepare(deposit('alice', 1n), 'once');
    ledger.executeBatch([command]);
    const held = hold(60n);
    ledger.nowMs = EXPIRES_AT_MS;
    expect(ledger.executeBatch([command])).toMatchObject([{ isReplayed: true }]);
    expect(kindsOfLastWrite()).toEqual([]);
    expect(ledger.reservation(held.reservationId).status).toBe('HELD');
  });

  it('not by a command on another account', () => {
    const held = hold(60n);
    ledger.nowMs = EXPIRES_AT_MS;
    ledger.execute(deposit('bob', 1n));
    expect(ledger.reservation(held.reservationId).status).toBe('HELD');
    expect(ledger.account('alice').held).toBe(60n);
  });

  it('all of it together, once, whatever else the batch does', () => {
    const [first, second, third] = [hold(10n, 3_000), hold(20n, 1_000), hold(30n, 9_000)];
    const other = hold(40n, 2_000, 'bob');
    ledger.nowMs = START_MS + 3_000;
    const answers = ledger.executeBatch([
      ledger.prepare(withdraw('alice', 71n)),
      ledger.prepare(withdraw('alice', 70n)),
      ledger.prepare(commit(first)),
      ledger.prepare(transfer(['bob', 'alice'], 100n)),
      ledger.prepare(reserve('alice', 100n)),
    ]);
    expect(codesOf(answers)).toEqual([
      'INSUFFICIENT_BALANCE',
      'transaction',
      'RESERVATION_EXPIRED',
      'transaction',
      'reservation',
    ]);
    expect(kindsOfLastWrite().filter((kind) => kind === 'RESERVATION_EXPIRED')).toHaveLength(3);
    const statuses = [first, second, third, other].map((one) => ledger.reservation(one.reservationId).status);
    expect(statuses).toEqual(['EXPIRED', 'EXPIRED', 'HELD', 'EXPIRED']);
    expect(ledger.account('alice')).toMatchObject({
      balance: 130n,
      held: 130n,
      nextExpiryAtMs: START_MS + 9_000,
    });
    expect(ledger.account('bob')).toMatchObject({ balance: 0n, held: 0n, nextExpiryAtMs: null });
  });

  it('and what the batch holds after it has its own time', () => {
    hold(10n, 1_000);
    hold(20n, 50_000);
    ledger.nowMs += 1_000;
    ledger.executeBatch([
      ledger.prepare(withdraw('alice', 1n)),
      ledger.prepare(reserve('alice', 5n, { timeoutMs: 2_000 })),
      ledger.prepare(withdraw('alice', 1n)),
    ]);
    expect(ledger.account('alice')).toMatchObject({ held: 25n, nextExpiryAtMs: START_MS + 3_000 });
  });

  it('says of each what was left after it', () => {
    const held = [hold(10n, 2_000), hold(20n, 1_000)];
    ledger.nowMs = START_MS + 2_000;
    ledger.execute(expireReservations('alice'));
    const ended = held.map(({ reservationId }) => ledger.reservation(reservationId));
    expect(ended).toMatchObject([
      { resolvedAtMs: START_MS + 2_000, availableAfter: 100n },
      { resolvedAtMs: START_MS + 1_000, availableAfter: 90n },
    ]);
  });
});

describe('a dry run on an account with something due', () => {
  it('counts it as ended, and writes nothing', () => {
    const held = hold(60n);
    ledger.nowMs = EXPIRES_AT_MS;
    const before = ledger.snapshot();
    const command = { idempotencyKey: null, isDryRun: true, buckets: BUCKETS };
    const answers = ledger.executeBatch([
      prepare(withdraw('alice', 100n), command),
      prepare(withdraw('alice', 101n), command),
      prepare(commit(held), command),
    ]);
    expect(codesOf(answers)).toEqual(['transaction', 'INSUFFICIENT_BALANCE', 'RESERVATION_EXPIRED']);
    expect(ledger.state).toEqual(before);
    expect(codesOf([ledger.execute(withdraw('alice', 100n))])).toEqual(['transaction']);
    expect(kindsOfLastWrite()).toEqual(['RESERVATION_EXPIRED', 'WITHDRAW']);
  });

  it('changes nothing for what comes after it in the same batch', () => {
    hold(60n);
    ledger.nowMs = EXPIRES_AT_MS;
    const asked = prepare(withdraw('alice', 100n), {
      idempotencyKey: null,
      isDryRun: true,
      buckets: BUCKETS,
    });
    ledger.executeBatch([asked, ledger.prepare(withdraw('alice', 100n)), asked]);
    expect(kindsOfLastWrite()).toEqual(['RESERVATION_EXPIRED', 'WITHDRAW']);
    expect(ledger.account('alice')).toMatchObject({ balance: 0n, held: 0n, nextExpiryAtMs: null });
  });
});

describe('an atomic group on an account with something due', () => {
  it('that is granted ends it', () => {
    const held = hold(60n);
    ledger.nowMs = EXPIRES_AT_MS;
    ledger.executeBatch([[ledger.prepare(withdraw('alice', 50n)), ledger.prepare(withdraw('alice', 50n))]]);
    expect(kindsOfLastWrite()).toEqual(['RESERVATION_EXPIRED', 'WITHDRAW', 'WITHDRAW']);
    expect(ledger.reservation(held.reservationId).status).toBe('EXPIRED');
  });

  it('that is refused leaves it to the next command, within the batch and after it', () => {
    const held = hold(60n);
    ledger.nowMs = EXPIRES_AT_MS;
    const group = () => [ledger.prepare(withdraw('alice', 50n)), ledger.prepare(withdraw('alice', 51n))];
    const before = ledger.snapshot();
    expect(codesOf(ledger.executeBatch([group()]))).toEqual(['ATOMIC_BATCH_REFUSED', 'INSUFFICIENT_BALANCE']);
    expect(ledger.state).toEqual(before);
    expect(ledger.lastWriteSet).toMatchObject({ facts: [], changedAccounts: [], reservations: [] });
    const answers = ledger.executeBatch([group(), ledger.prepare(withdraw('alice', 100n))]);
    expect(codesOf(answers)).toEqual(['ATOMIC_BATCH_REFUSED', 'INSUFFICIENT_BALANCE', 'transaction']);
    expect(kindsOfLastWrite()).toEqual(['RESERVATION_EXPIRED', 'WITHDRAW']);
    expect(ledger.reservation(held.reservationId).status).toBe('EXPIRED');
  });
});

describe('the search for what is due', () => {
  it('needs no key, ends what is due and nothing else, and does so once', () => {
    const [due, held] = [hold(60n, 1_000), hold(30n)];
    ledger.nowMs += 1_000;
    const { outcome } = ledger.execute(expireReservations('alice'), null);
    expect(outcome).toMatchObject({
      kind: 'account',
      isCreated: false,
      account: { held: 30n, nextExpiryAtMs: EXPIRES_AT_MS },
    });
    expect(ledger.reservation(due.reservationId).status).toBe('EXPIRED');
    expect(ledger.reservation(held.reservationId).status).toBe('HELD');
    expect(ledger.lastWriteSet?.keys).toEqual([]);
    ledger.execute(expireReservations('alice'), null);
    expect(kindsOfLastWrite()).toEqual([]);
  });

  it('is refused for nobody', () => {
    expect(ledger.execute(expireReservations('nobody'), null).outcome).toMatchObject({
      code: 'ACCOUNT_NOT_FOUND',
    });
  });

  it('reaches frozen accounts', () => {
    hold(60n);
    ledger.execute(setStatus('alice', 'frozen'));
    ledger.nowMs = EXPIRES_AT_MS;
    ledger.execute(expireReservations('alice'), null);
    expect(ledger.account('alice')).toMatchObject({ held: 0n, status: 'frozen' });
  });
});

describe('what is due in other buckets', () => {
  it('is kept for the batch that loaded it', () => {
    const books = new Books();
    for (const bucket of [0, 1]) books.setHead(bucket, { sequence: 0n, committedAtMs: 0, writeId: null });
    const command = prepare(update('alice'), { idempotencyKey: null, buckets: 1 });
    books.putAccount(openedAccount({ bucket: 0, accountId: 'alice', currency: 'CHIPS' }, START_MS));
    for (const bucket of [0, 1]) books.get(bucket).due.set('x', { reservations: [], nextExpiryAtMs: null });
    books.putAccount(openedAccount({ bucket: 0, accountId: 'x', currency: 'CHIPS' }, START_MS));
    const batch = new PostingBatch(books, { ...ledger.context, nowMs: START_MS, writeId: 1n });
    batch.execute(command);
    batch.writeSet();
    expect([books.get(0).due.has('x'), books.get(1).due.has('x')]).toEqual([false, true]);
  });
});
