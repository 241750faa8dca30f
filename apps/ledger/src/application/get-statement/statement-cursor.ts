import { z } from 'zod';
import { decodeOpaque, encodeOpaque } from '../paging/opaque.js';
import { refuseRead, type ReadRefusal } from '../read-refusal.js';

/**
 * How far a statement was read. The first page fixes the stretch of the chain and its totals: what is committed
 * while somebody reads the other pages changes nothing of them.
 */
export interface StatementPlace {
  readonly accountId: string;
  readonly fromMs: bigint;
  readonly toMs: bigint;
  /** The last entry before the period, and the last entry of it. */
  readonly low: bigint;
  readonly high: bigint;
  /** The last entry of the page before. */
  readonly after: bigint;
  /** Minor units. */
  readonly credits: bigint;
}

const FORM = 'statement.1';
const integer = z
  .string()
  .regex(/^(0|-?[1-9][0-9]{0,30})$/)
  .transform((digits) => BigInt(digits));
const INT64_MAX = 9_223_372_036_854_775_807n;
const sequence = integer.refine((value) => value >= 0n && value <= INT64_MAX);
const fields = z.tuple([
  z.literal(FORM),
  z.string(),
  integer,
  integer,
  sequence,
  sequence,
  sequence,
  integer,
]);

/** Writes the cursor of the page that follows. */
export function encodeStatementCursor(place: StatementPlace): string {
  const { accountId, fromMs, toMs, low, high, after, credits } = place;
  return encodeOpaque([FORM, accountId, ...[fromMs, toMs, low, high, after, credits].map(String)]);
}

/** Reads a cursor; INVALID_CURSOR when it is none of this very statement. */
export function decodeStatementCursor(
  cursor: string,
  asked: Pick<StatementPlace, 'accountId' | 'fromMs' | 'toMs'>,
): StatementPlace | ReadRefusal {
  const parsed = fields.safeParse(decodeOpaque(cursor));
  const refusal = refuseRead('INVALID_CURSOR', 'cursor is none that this statement returned', 'cursor');
  if (!parsed.success) return refusal;
  const [, accountId, fromMs, toMs, low, high, after, credits] = parsed.data;
  const isOfThis = accountId === asked.accountId && fromMs === asked.fromMs && toMs === asked.toMs;
  if (!isOfThis || low > after || after > high) return refusal;
  return { accountId, fromMs, toMs, low, high, after, credits };
}
