import pg from 'pg';
import { hasNodeNetworkCode, OutageError } from '../outage/index.js';

/** Wrappers (TypeORM's, ours) nest an error once or twice; deeper is a cycle. */
const NESTING_MAX = 5;

/**
 * SQLSTATEs after which the same work may succeed later: shutdown and start of the server (57P01 to 57P03), idle
 * sessions ended by it (57P05, 25P03), a statement or lock that took longer than its timeout (57014, 55P03).
 */
const OUTAGE_STATES: ReadonlySet<string> = new Set([
  '57P01',
  '57P02',
  '57P03',
  '57P05',
  '25P03',
  '57014',
  '55P03',
]);
/** Connection exceptions, and insufficient resources (too many connections, no disk, no memory). */
const OUTAGE_CLASSES: readonly string[] = ['08', '53'];

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';

/** The SQLSTATE of PostgreSQL's answer, also when TypeORM or an OutageError wraps it. */
export function sqlStateOf(error: unknown): string | undefined {
  return databaseErrorIn(error)?.code;
}

/** The name of the constraint that the work violated, if it was one. */
export function constraintOf(error: unknown): string | undefined {
  return databaseErrorIn(error)?.constraint;
}

/** The database is out of reach or not able to work: retry later. Decided by codes, never by message text. */
export function isOutage(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== undefined) return OUTAGE_STATES.has(state) || OUTAGE_CLASSES.includes(state.slice(0, 2));
  return nested(error).some((part) => part instanceof OutageError || hasNodeNetworkCode(part));
}

/** Another transaction was in the way: run the whole transaction again. */
export function isSerializationConflict(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === SERIALIZATION_FAILURE || state === DEADLOCK_DETECTED;
}

function databaseErrorIn(error: unknown): pg.DatabaseError | undefined {
  return nested(error).find((part) => part instanceof pg.DatabaseError);
}

/** The error and what it wraps: `driverError` is TypeORM's name for it, `cause` everybody else's. */
function nested(error: unknown): readonly Error[] {
  const chain: Error[] = [];
  let part = error;
  while (part instanceof Error && chain.length < NESTING_MAX) {
    chain.push(part);
    part = 'driverError' in part ? part.driverError : part.cause;
  }
  return chain;
}
