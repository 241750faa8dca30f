import { z } from 'zod';
import { BUCKETS_MAX } from '@steelyard/domain/accounts';
import { decodeOpaque, encodeOpaque } from '../paging/opaque.js';
import { refuseRead, type ReadRefusal } from '../read-refusal.js';

/** Records are ordered by time, then bucket, then sequence. */
export interface AuditPosition {
  readonly atMs: bigint;
  readonly bucket: number;
  readonly sequence: bigint;
}

/** Which list it is; empty members do not filter. */
export interface AuditList {
  readonly accountId: string;
  readonly agentId: string;
}

/** Where the next page begins. The list's beginning in time is kept: "the last 24 hours" does not move while it is read. */
export interface AuditPageStart {
  readonly before: AuditPosition;
  readonly fromMs: bigint;
}

const FORM = 'audit.1';
const integer = z
  .string()
  .regex(/^(0|-?[1-9][0-9]{0,18})$/)
  .transform((digits) => BigInt(digits))
  .refine((value) => BigInt.asIntN(64, value) === value);
const bucket = z
  .number()
  .int()
  .min(0)
  .max(BUCKETS_MAX - 1);
const fields = z.tuple([z.literal(FORM), z.string(), z.string(), integer, integer, bucket, integer]);

/** Writes the cursor of the page that follows `before`. */
export function encodeAuditCursor(
  { accountId, agentId }: AuditList,
  { before, fromMs }: AuditPageStart,
): string {
  const { atMs, sequence } = before;
  return encodeOpaque([
    FORM,
    accountId,
    agentId,
    fromMs.toString(),
    atMs.toString(),
    before.bucket,
    sequence.toString(),
  ]);
}

/** Reads a cursor; undefined for the first page, INVALID_CURSOR when it is none of this list. */
export function decodeAuditCursor(cursor: string, list: AuditList): AuditPageStart | undefined | ReadRefusal {
  if (cursor === '') return undefined;
  const parsed = fields.safeParse(decodeOpaque(cursor));
  if (parsed.success) {
    const [, accountId, agentId, fromMs, atMs, inBucket, sequence] = parsed.data;
    if (accountId === list.accountId && agentId === list.agentId) {
      return { fromMs, before: { atMs, bucket: inBucket, sequence } };
    }
  }
  return refuseRead('INVALID_CURSOR', 'cursor is none that this list returned', 'cursor');
}
