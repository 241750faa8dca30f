import {
  missingFor,
  potText,
  type AccountRef,
  type Books,
  type CoreSettings,
  type DueReservations,
  type PreparedCommand,
  type Requirements,
} from '../../src/posting/index.js';
import { invariant } from '../../src/result/index.js';
import { factText, potRefText, refText, type LedgerState } from './ledger-state.js';

/** Account or pot, then system accounts and what is due: as {@link missingFor} promises. */
const LOAD_ROUNDS_MAX = 3;

/** What is about to be decided, and when. */
export interface UpcomingBatch {
  readonly commands: readonly PreparedCommand[];
  readonly settings: CoreSettings;
  readonly nowMs: number;
}

/** What the engine does before a batch: heads, keys and what the commands need into the books. */
export function loadBooks(
  books: Books,
  state: LedgerState,
  { commands, settings, nowMs }: UpcomingBatch,
): void {
  for (const bucket of commands.flatMap(({ buckets }) => buckets)) {
    books.setHead(bucket, state.heads.get(bucket) ?? { sequence: 0n, committedAtMs: 0, writeId: null });
  }
  for (const { homeBucket, slot } of commands) {
    const known = state.keys.get(`${homeBucket} ${slot}`);
    if (known && !books.get(homeBucket).keys.has(slot)) books.putKey(homeBucket, slot, known);
  }
  const missing = (): Requirements => missingFor(commands, books, { settings, nowMs });
  for (let round = 0; round < LOAD_ROUNDS_MAX; round++) {
    const needed = missing();
    loadRows(books, state, needed);
    for (const ref of needed.due) loadDue(books, ref, dueOf(state, ref, nowMs));
  }
  const left = Object.values(missing()).flat();
  invariant(left.length === 0, `after ${LOAD_ROUNDS_MAX} rounds ${left.length} rows are missing`);
}

function loadRows(
  books: Books,
  state: LedgerState,
  { accounts, reversals, reservations, pots }: Requirements,
): void {
  for (const ref of accounts) {
    books.get(ref.bucket).accounts.set(ref.accountId, state.accounts.get(refText(ref)) ?? null);
  }
  for (const { bucket, sequence } of reversals) {
    books.get(bucket).reversals.set(sequence, state.reversals.get(factText(bucket, sequence)) ?? 0n);
  }
  for (const { bucket, sequence } of reservations) {
    const stored = state.reservations.get(factText(bucket, sequence)) ?? null;
    books.get(bucket).reservations.set(sequence, stored);
  }
  for (const ref of pots) {
    books.get(ref.bucket).pots.set(potText(ref), state.pots.get(potRefText(ref)) ?? null);
  }
}

function loadDue(books: Books, { bucket, accountId }: AccountRef, found: DueReservations): void {
  const own = books.get(bucket);
  own.due.set(accountId, found);
  for (const reservation of found.reservations) {
    const { sequence } = reservation;
    if (!own.reservations.get(sequence)) own.reservations.set(sequence, reservation);
  }
}

function dueOf(state: LedgerState, { bucket, accountId }: AccountRef, nowMs: number): DueReservations {
  const held = [...state.reservations.values()]
    .filter((one) => one.bucket === bucket && one.accountId === accountId && one.status === 'HELD')
    .sort((left, right) => left.expiresAtMs - right.expiresAtMs);
  const next = held.find(({ expiresAtMs }) => expiresAtMs > nowMs);
  return {
    reservations: held.filter(({ expiresAtMs }) => expiresAtMs <= nowMs),
    nextExpiryAtMs: next?.expiresAtMs ?? null,
  };
}
