import { z } from 'zod';
import { BUCKETS_MAX } from '@steelyard/domain/accounts';
import { decodeOpaque, encodeOpaque } from '../paging/opaque.js';
import { refuseRead, type ReadRefusal } from '../read-refusal.js';
import { WALK_START, type WalkPosition } from '../verification/walk-position.js';

const FORM = 'walk.1';
const bucket = z
  .number()
  .int()
  .min(0)
  .max(BUCKETS_MAX - 1);
const integer = z
  .string()
  .regex(/^(0|-?[1-9][0-9]{0,18})$/)
  .transform((digits) => BigInt(digits))
  .refine((value) => BigInt.asIntN(64, value) === value);
const fields = z.union([
  z
    .tuple([z.literal(FORM), z.literal('accounts'), bucket, z.string()])
    .transform(([, step, inBucket, accountId]): WalkPosition => ({ step, bucket: inBucket, accountId })),
  z
    .tuple([z.literal(FORM), z.literal('facts'), bucket, integer])
    .transform(([, step, inBucket, factSequence]): WalkPosition => ({
      step,
      bucket: inBucket,
      factSequence,
    })),
]);

/** Writes the cursor of a walk; empty when the walk is done. */
export function encodeWalkCursor(position: WalkPosition | undefined): string {
  if (position === undefined) return '';
  if (position.step === 'facts') {
    return encodeOpaque([FORM, position.step, position.bucket, position.factSequence.toString()]);
  }
  return encodeOpaque([FORM, position.step, position.bucket, position.accountId]);
}

/** Reads a walk's cursor, the start when it is empty; INVALID_CURSOR when no walk returned it. */
export function decodeWalkCursor(cursor: string, buckets: number): WalkPosition | ReadRefusal {
  if (cursor === '') return WALK_START;
  const parsed = fields.safeParse(decodeOpaque(cursor));
  if (parsed.success && parsed.data.bucket < buckets) return parsed.data;
  return refuseRead('INVALID_CURSOR', 'cursor is none that a verification returned', 'cursor');
}
