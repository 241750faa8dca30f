import type { QueryConfig, QueryResult, QueryResultRow } from 'pg';
import {
  constraintOf,
  isOutage,
  isSerializationConflict,
  OutageError,
  sqlStateOf,
} from '@steelyard/platform/postgres';
import { StaleBatchError } from '../../application/posting-engine/posting-storage.port.js';

const STALE_SQLSTATES: ReadonlySet<string> = new Set(['SY001', '23505']);

/** A pool, the one connection of a transaction, or one that takes statements without waiting. */
export interface Queryable {
  query<Row extends QueryResultRow>(statement: QueryConfig): Promise<QueryResult<Row>>;
}

/** Runs a statement of the posting path. @throws StaleBatchError, OutageError, or what it failed with. */
export async function query<Row extends QueryResultRow>(
  on: Queryable,
  statement: QueryConfig,
  values: readonly unknown[],
): Promise<QueryResult<Row>> {
  try {
    return await on.query<Row>({ ...statement, values: [...values] });
  } catch (error) {
    return rethrow(error);
  }
}

/** Tells apart what the engine handles: someone else was faster, the database is away; the rest is a bug. */
export function rethrow(error: unknown): never {
  const state = sqlStateOf(error);
  if (state !== undefined && STALE_SQLSTATES.has(state)) {
    throw new StaleBatchError(`${state} ${constraintOf(error) ?? ''}`, { cause: error });
  }
  if (isSerializationConflict(error)) throw new StaleBatchError('serialization conflict', { cause: error });
  if (isOutage(error)) throw new OutageError('PostgreSQL is not reachable', { cause: error });
  throw error;
}
