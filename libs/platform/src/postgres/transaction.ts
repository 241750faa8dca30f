import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { isOutage, isSerializationConflict } from './sqlstate.js';

export type Isolation = 'read committed' | 'repeatable read' | 'serializable';

export interface TransactionOptions {
  /** Default 'read committed'. */
  readonly isolation?: Isolation;
  readonly readOnly?: boolean;
  /** How often the whole transaction is tried while others are in its way. Default 5. */
  readonly attemptsMax?: number;
}

const BEGIN: Readonly<Record<Isolation, string>> = {
  'read committed': 'begin isolation level read committed',
  'repeatable read': 'begin isolation level repeatable read',
  serializable: 'begin isolation level serializable',
};

/** Conflicts that last longer than this many attempts are load, which more attempts only make worse. */
const ATTEMPTS_MAX = 5;
/** Attempts of rivals drift apart by up to this much more each time. */
const BACKOFF_STEP_MS = 10;

/**
 * Runs `work` in a transaction and commits it. On 40001 and 40P01 the whole of it runs again, a bounded number
 * of times, so `work` must have no effect but on the database. Everything it throws rolls back.
 *
 * @throws OutageError when the database is out of reach; whether a commit that was under way took effect is
 * then unknown.
 */
export async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
  options: TransactionOptions = {},
): Promise<Result> {
  const attemptsMax = options.attemptsMax ?? ATTEMPTS_MAX;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptOnce(pool, work, options);
    } catch (error) {
      if (attempt >= attemptsMax || !isSerializationConflict(error)) throw error;
      await delay(Math.random() * BACKOFF_STEP_MS * attempt);
    }
  }
}

async function attemptOnce<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
  { isolation = 'read committed', readOnly = false }: TransactionOptions,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query(readOnly ? `${BEGIN[isolation]} read only` : BEGIN[isolation]);
    const result = await work(client);
    const { command } = await client.query('commit');
    // PostgreSQL answers a commit with ROLLBACK when a statement failed and `work` went on regardless.
    if (command !== 'COMMIT') throw new Error('the transaction had failed before its commit');
    client.release();
    return result;
  } catch (error) {
    client.release(await couldNotRollBack(client, error));
    throw error;
  }
}

/** True: the connection is in an unknown state, and the pool must drop it. */
async function couldNotRollBack(client: PoolClient, failure: unknown): Promise<boolean> {
  if (isOutage(failure)) return true;
  return client.query('rollback').then(
    () => false,
    () => true,
  );
}
