import { refuseRead, type ReadRefusal } from '../read-refusal.js';

/** What a list returns when no limit is given. */
export const LIMIT_DEFAULT = 50;
/** A page of 500 entries with metadata stays well below the message limit of 4 MiB. */
export const LIMIT_MAX = 500;
/** Skipped rows are read and dropped: beyond this a cursor is the way. */
export const OFFSET_MAX = 10_000;
/** Furthest instants that a date can show: 100,000,000 days around 1970. */
const INSTANT_MAX_MS = 8_640_000_000_000_000n;

export interface PageRequest {
  /** 0: the default. */
  readonly limit: number;
  /** Empty: the first page. */
  readonly cursor: string;
  /** Commit time, inclusive, milliseconds since 1970-01-01 UTC. */
  readonly fromMs?: bigint | undefined;
  readonly toMs?: bigint | undefined;
}

/** The refusal when limit or times are out of range. */
export function checkPageRequest(request: PageRequest): ReadRefusal | undefined {
  if (request.limit > LIMIT_MAX) {
    return refuseRead('INVALID_REQUEST', `limit must be between 1 and ${LIMIT_MAX}`, 'limit');
  }
  return checkInstant(request.fromMs, 'from') ?? checkInstant(request.toMs, 'to');
}

/** The refusal when an instant is none that a date can show. */
export function checkInstant(instantMs: bigint | undefined, field: string): ReadRefusal | undefined {
  if (instantMs === undefined) return undefined;
  if (instantMs >= -INSTANT_MAX_MS && instantMs <= INSTANT_MAX_MS) return undefined;
  return refuseRead('INVALID_REQUEST', `${field} is not a time`, field);
}

/** The limit that applies. */
export function effectiveLimit(limit: number): number {
  return limit === 0 ? LIMIT_DEFAULT : limit;
}
