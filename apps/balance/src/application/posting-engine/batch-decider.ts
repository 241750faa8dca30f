import {
  missingFor,
  PostingBatch,
  potText,
  type Answer,
  type Books,
  type DecisionContext,
  type Inflation,
  type Requirements,
  type WriteSet,
} from '@steelyard/domain/posting';
import { invariant } from '@steelyard/domain/result';
import type { KeyRef, LoadedKey, LoadedState, LoadRequest } from './posting-storage.port.js';
import { bucketsOf, type Batch } from './work-unit.js';

/** The answers of a batch, a list a unit, and what must be committed before they may be given. */
export interface DecidedBatch {
  readonly answers: readonly (readonly Answer[])[];
  readonly writeSet: WriteSet;
  readonly inflations: readonly Inflation[];
}

/** Where a batch's state is read into, and from where. */
export interface Loading {
  readonly books: Books;
  readonly settings: DecisionContext['settings'];
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
  readonly load: (request: LoadRequest) => Promise<LoadedState>;
  /** Waits until all that the books hold is stored: what is due is found by a search, and it must find all. */
  readonly settled: () => Promise<void>;
}

// The account or pot, then the system accounts of its currency, then what is due on them: three rounds and a look
// whether anything is missing still. Another would be a bug.
const LOAD_ROUNDS_MAX = 4;

/**
 * Reads into the books what a batch needs and they lack. The heads of its buckets must be in them.
 *
 * @returns the time that the batch is to be decided by: at that time nothing was missing.
 */
export async function loadMissing(
  batch: Batch,
  { books, settings, now, load, settled }: Loading,
): Promise<number> {
  const commands = batch.units.flatMap((unit) => unit.commands);
  // One time for all rounds: a list of what is due by an earlier clock would be taken for one by a later.
  const nowMs = now();
  // A batch that failed before it was decided has left its own.
  for (const bucket of bucketsOf(batch)) books.clearDue(bucket);
  for (let round = 0; round < LOAD_ROUNDS_MAX; round++) {
    const missing = missingFor(commands, books, { settings, nowMs });
    if (isNothing(missing)) return nowMs;
    if (missing.due.length > 0) await settled();
    addToBooks(missing, await load({ ...missing, nowMs }), books);
  }
  invariant(false, 'what a command needs is known after some rounds');
}

function isNothing({ accounts, reversals, reservations, pots, due }: Requirements): boolean {
  return [accounts, reversals, reservations, pots, due].every((rows) => rows.length === 0);
}

function addToBooks(missing: Requirements, state: LoadedState, books: Books): void {
  // What was asked for and not found is known to be absent.
  for (const { bucket, accountId } of missing.accounts) books.get(bucket).accounts.set(accountId, null);
  for (const { bucket, sequence } of missing.reversals) books.get(bucket).reversals.set(sequence, 0n);
  for (const { bucket, sequence } of missing.reservations) books.get(bucket).reservations.set(sequence, null);
  for (const pot of missing.pots) books.get(pot.bucket).pots.set(potText(pot), null);
  for (const account of state.accounts) books.get(account.bucket).accounts.set(account.accountId, account);
  for (const row of state.reversals) books.get(row.bucket).reversals.set(row.sequence, row.reversed);
  for (const pot of state.pots) books.get(pot.bucket).pots.set(potText(pot), pot);
  const due = state.due.flatMap(({ reservations }) => reservations);
  for (const reservation of [...state.reservations, ...due]) {
    const { reservations } = books.get(reservation.bucket);
    // What the books know may be newer than what was read.
    if (!reservations.get(reservation.sequence)) reservations.set(reservation.sequence, reservation);
  }
  for (const { bucket, accountId, ...found } of state.due) books.get(bucket).due.set(accountId, found);
}

/** Reads the batch's idempotency keys into the books; returns how many had been decided before. */
export async function loadKeys(
  batch: Batch,
  books: Books,
  load: (keys: readonly KeyRef[]) => Promise<readonly LoadedKey[]>,
): Promise<number> {
  const keys: KeyRef[] = [];
  for (const { commands } of batch.units) {
    for (const { slot, homeBucket: bucket } of commands) {
      if (slot !== '' && !books.get(bucket).keys.has(slot)) keys.push({ bucket, slot });
    }
  }
  if (keys.length === 0) return 0;
  const known = await load(keys);
  for (const { bucket, slot, fingerprint, outcome } of known) {
    books.putKey(bucket, slot, { fingerprint, outcome });
  }
  return known.length;
}

/** Decides every unit in order. Changes the books; the caller forgets the buckets when the write fails. */
export function decideBatch(batch: Batch, books: Books, context: DecisionContext): DecidedBatch {
  const posting = new PostingBatch(books, context);
  const answers = batch.units.map(({ commands, isAtomic }) =>
    isAtomic ? posting.executeAtomic(commands) : commands.map((command) => posting.execute(command)),
  );
  return { answers, writeSet: posting.writeSet(), inflations: posting.inflations() };
}
