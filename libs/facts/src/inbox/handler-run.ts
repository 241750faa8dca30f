import { isOutage, isSerializationConflict, sqlStateOf } from '@steelyard/platform/postgres';
import type { Fact, FactHandler, FactTransaction } from './fact-handler.js';
import type { HandlerFailure } from './inbox.types.js';

/** The server ended a statement that took longer than its timeout; the connection goes on. */
const QUERY_CANCELED = '57014';
const SAVEPOINT = 'savepoint facts';
const KEEP = 'release savepoint facts';
const UNDO = 'rollback to savepoint facts; release savepoint facts';

/** How far handlers came with facts, and what stopped them. */
export interface RunResult {
  readonly taken: number;
  /** Of the fact after those taken. */
  readonly failure?: HandlerFailure;
  /** What handlers asked for after the commit. */
  readonly announcements: readonly Announcement[];
}

export type Announcement = () => void;

/**
 * Runs handlers on facts within a transaction and finds, by halving, how many of the first ones they can apply:
 * those have taken effect when it returns.
 *
 * @throws what says that the database is away or that another transaction is in the way: the facts are not at fault.
 */
export async function runHandlers(
  transaction: FactTransaction,
  handlers: readonly FactHandler[],
  facts: readonly Fact[],
): Promise<RunResult> {
  const [fact] = facts;
  if (fact === undefined) return { taken: 0, announcements: [] };
  const announcements: Announcement[] = [];
  const failure = await attempt(transaction, handlers, { fact, facts, announcements });
  if (failure === undefined) return { taken: facts.length, announcements };
  if (facts.length === 1) return { taken: 0, failure, announcements: [] };
  const half = Math.ceil(facts.length / 2);
  const first = await runHandlers(transaction, handlers, facts.slice(0, half));
  if (first.failure !== undefined) return first;
  const second = await runHandlers(transaction, handlers, facts.slice(half));
  return {
    ...second,
    taken: half + second.taken,
    announcements: [...first.announcements, ...second.announcements],
  };
}

/** A handler failed where nothing can be undone but the whole transaction. */
export class HandlersFailedError extends Error {
  override readonly name = 'HandlersFailedError';
}

/**
 * Runs handlers on facts without a way back, which is what nearly always is enough and costs two round trips less.
 *
 * @param facts of one bucket or of several, those of a bucket in order.
 * @throws HandlersFailedError when one fails: the transaction is to be undone, and the facts given to
 * {@link runHandlers}. Outages and conflicts are thrown as they are.
 */
export async function runHandlersUnguarded(
  transaction: FactTransaction,
  handlers: readonly FactHandler[],
  facts: readonly Fact[],
): Promise<RunResult> {
  const announcements: Announcement[] = [];
  const byBucket = [...Map.groupBy(facts, ({ bucket }) => bucket).values()];
  for (const handler of handlers) {
    try {
      for (const some of handler.takesManyBuckets ? [facts] : byBucket) {
        await handler.apply(transaction, some, (work) => announcements.push(work));
      }
    } catch (error) {
      if (isNoFault(error)) throw error;
      throw new HandlersFailedError(`${handler.name} failed`, { cause: error });
    }
  }
  return { taken: facts.length, announcements };
}

interface Attempt {
  readonly facts: readonly Fact[];
  /** The first of them. */
  readonly fact: Fact;
  readonly announcements: Announcement[];
}

async function attempt(
  transaction: FactTransaction,
  handlers: readonly FactHandler[],
  { fact, facts, announcements }: Attempt,
): Promise<HandlerFailure | undefined> {
  await transaction.query(SAVEPOINT);
  for (const handler of handlers) {
    try {
      await handler.apply(transaction, facts, (work) => announcements.push(work));
    } catch (error) {
      if (isNoFault(error)) throw error;
      await transaction.query(UNDO);
      return { handler: handler.name, fact, error };
    }
  }
  await transaction.query(KEEP);
  return undefined;
}

/**
 * Not the facts' fault. A statement that takes too long is one: it may take too long every time, and what is thrown
 * here keeps the bucket waiting for ever. When it was an outage after all, undoing it fails and says so.
 */
function isNoFault(error: unknown): boolean {
  if (sqlStateOf(error) === QUERY_CANCELED) return false;
  return isOutage(error) || isSerializationConflict(error);
}
