import {
  missingFor,
  PostingBatch,
  type Answer,
  type Books,
  type DecisionContext,
  type WriteSet,
} from '@steelyard/domain/posting';
import { invariant } from '@steelyard/domain/result';
import type { KeyRef, LoadedState, LoadRequest } from './posting-storage.port.js';
import type { Batch } from './work-unit.js';

/** The answers of a batch, a list a unit, and what must be committed before they may be given. */
export interface DecidedBatch {
  readonly answers: readonly (readonly Answer[])[];
  readonly writeSet: WriteSet;
}

type Load = (request: LoadRequest) => Promise<LoadedState>;

// The account, then the system accounts of its currency: two rounds; a third would be a bug.
const LOAD_ROUNDS_MAX = 3;

/** Reads into the books what a batch needs and they lack. The heads of its buckets must be in them. */
export async function loadMissing(
  batch: Batch,
  { books, settings }: { books: Books; settings: DecisionContext['settings'] },
  load: Load,
): Promise<void> {
  const commands = batch.units.flatMap((unit) => unit.commands);
  for (let round = 0; round < LOAD_ROUNDS_MAX; round++) {
    const missing = missingFor(commands, settings, books);
    if (missing.accounts.length === 0 && missing.reversals.length === 0) return;
    const state = await load({ ...missing, keys: [] });
    // What was asked for and not found is known to be absent.
    for (const { bucket, accountId } of missing.accounts) books.get(bucket).accounts.set(accountId, null);
    for (const { bucket, sequence } of missing.reversals) books.get(bucket).reversals.set(sequence, 0n);
    for (const account of state.accounts) books.get(account.bucket).accounts.set(account.accountId, account);
    for (const row of state.reversals) books.get(row.bucket).reversals.set(row.sequence, row.reversed);
  }
  invariant(false, 'what a command needs is known after two rounds');
}

/** Reads the batch's idempotency keys into the books; returns how many had been decided before. */
export async function loadKeys(batch: Batch, books: Books, load: Load): Promise<number> {
  const keys: KeyRef[] = [];
  for (const { commands } of batch.units) {
    for (const { slot, homeBucket: bucket } of commands) {
      if (slot !== '' && !books.get(bucket).keys.has(slot)) keys.push({ bucket, slot });
    }
  }
  if (keys.length === 0) return 0;
  const { keys: known } = await load({ accounts: [], reversals: [], keys });
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
  return { answers, writeSet: posting.writeSet() };
}
