import { beforeEach, describe, expect, it } from '@jest/globals';
import { deposit, update } from '../../test/support/command-builders.js';
import { MemoryLedger, START_MS } from '../../test/support/memory-ledger.js';
import { commit, extend, release } from '../../test/support/reservation-builders.js';
import { codesOf } from '../../test/support/table-builders.js';
import { openedAccount } from '../accounts/index.js';
import type { Reservation } from '../reservations/index.js';
import { Books } from './books.js';
import type { Command } from './commands.js';
import { PostingBatch } from './posting-batch.js';
import { prepare } from './prepared-command.js';

const NOW_MS = START_MS + 60_000;
let books: Books;

function held(sequence: bigint): Reservation {
  return {
    bucket: 0,
    sequence,
    reservationId: `r-${sequence}`,
    accountId: 'alice',
    currency: 'CHIPS',
    amount: 10n,
    target: { kind: 'world' },
    status: 'HELD',
    captured: 0n,
    reference: null,
    metadataJson: '{}',
    createdAtMs: START_MS,
    expiresAtMs: START_MS + Number(sequence),
    resolvedAtMs: null,
    transactionId: null,
    balanceAfter: 100n,
    availableAfter: 90n,
  };
}

/** Books of an account with three holds that are due, of which storage gave only the first `found`. */
beforeEach(() => {
  books = new Books();
  books.setHead(0, { sequence: 9n, committedAtMs: START_MS, writeId: 1n });
  const profile = { bucket: 0, accountId: 'alice', currency: 'CHIPS', balance: 100n };
  books.putAccount(openedAccount({ ...profile, held: 30n, nextExpiryAtMs: START_MS + 1 }, START_MS));
  const world = { bucket: 0, accountId: '@world/CHIPS', currency: 'CHIPS', balance: -100n };
  books.putAccount(openedAccount(world, START_MS));
  for (const sequence of [1n, 2n, 3n]) books.putReservation(held(sequence));
});

function begin(found: number): PostingBatch {
  const reservations = [held(1n), held(2n), held(3n)].slice(0, found);
  // Whoever cuts the list says that there may be more: the bound stays at the time of the search.
  books.get(0).due.set('alice', { reservations, nextExpiryAtMs: NOW_MS });
  const { context } = new MemoryLedger();
  return new PostingBatch(books, { ...context, nowMs: NOW_MS, writeId: 2n });
}

function prepared(command: Command): ReturnType<typeof prepare> {
  return prepare(command, { idempotencyKey: null, buckets: 1 });
}

describe('when more is due than a batch ends', () => {
  it('it ends what was found, once, and the account stays due', () => {
    const batch = begin(2);
    for (let i = 0; i < 3; i++) batch.execute(prepared(update('alice')));
    const { facts, reservations, changedAccounts } = batch.writeSet();
    expect(facts.map(({ kind }) => kind)).toEqual(['RESERVATION_EXPIRED', 'RESERVATION_EXPIRED']);
    expect(reservations.map(({ reservation }) => [reservation.sequence, reservation.status])).toEqual([
      [1n, 'EXPIRED'],
      [2n, 'EXPIRED'],
    ]);
    expect(changedAccounts).toMatchObject([
      { account: { held: 10n, nextExpiryAtMs: NOW_MS, version: 3n }, expectedVersion: 1n },
    ]);
  });

  it('what it left is over all the same: by the clock', () => {
    const batch = begin(2);
    const commands = [commit(held(3n)), extend(held(3n), 1_000), release(held(3n))];
    expect(codesOf(commands.map((command) => batch.execute(prepared(command))))).toEqual([
      'RESERVATION_EXPIRED',
      'RESERVATION_EXPIRED',
      'reservation',
    ]);
    expect(books.account({ bucket: 0, accountId: 'alice' })).toMatchObject({
      held: 0n,
      nextExpiryAtMs: null,
    });
  });

  it('and the list was cut at its very end, the account holds nothing and has no bound', () => {
    const batch = begin(3);
    batch.execute(prepared(deposit('alice', 1n)));
    expect(batch.writeSet().changedAccounts).toMatchObject([
      { account: { accountId: 'alice', held: 0n, nextExpiryAtMs: null } },
      {},
    ]);
  });
});
