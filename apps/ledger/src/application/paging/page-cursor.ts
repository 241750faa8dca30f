import { z } from 'zod';
import { BUCKETS_MAX } from '@steelyard/domain/accounts';
import { refuseRead, type ReadRefusal } from '../read-refusal.js';
import { decodeOpaque, encodeOpaque } from './opaque.js';

/**
 * The last entry of the page before. Entries of one account are ordered by commit time, then bucket, then
 * sequence; within one chain that is the order of the sequence.
 */
export interface PagePosition {
  readonly committedAtMs: bigint;
  readonly bucket: number;
  readonly sequence: bigint;
}

const FORM = 'page.1';
const INT64_MAX = 9_223_372_036_854_775_807n;
const natural = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,18})$/)
  .transform((digits) => BigInt(digits))
  .refine((value) => value <= INT64_MAX);
const fields = z.tuple([
  z.literal(FORM),
  z.string(),
  natural,
  z
    .number()
    .int()
    .min(0)
    .max(BUCKETS_MAX - 1),
  natural,
]);

/** Writes the cursor of the page that follows `position` in the lists of one account. */
export function encodePageCursor(accountId: string, position: PagePosition): string {
  return encodeOpaque([
    FORM,
    accountId,
    position.committedAtMs.toString(),
    position.bucket,
    position.sequence.toString(),
  ]);
}

/** Reads a cursor; undefined for the first page, INVALID_CURSOR when it is none of this account's lists. */
export function decodePageCursor(cursor: string, accountId: string): PagePosition | undefined | ReadRefusal {
  if (cursor === '') return undefined;
  const parsed = fields.safeParse(decodeOpaque(cursor));
  if (!parsed.success || parsed.data[1] !== accountId) {
    return refuseRead('INVALID_CURSOR', 'cursor is none that this list returned', 'cursor');
  }
  const [, , committedAtMs, bucket, sequence] = parsed.data;
  return { committedAtMs, bucket, sequence };
}
