import { z } from 'zod';
import { BUCKETS_MAX } from '@steelyard/domain/accounts';
import { decodeOpaque, encodeOpaque } from '../paging/opaque.js';
import { refuseRead, type ReadRefusal } from '../read-refusal.js';
import { AUDIT_WALK_START, type AuditWalkPosition } from './audit-walk.js';

const FORM = 'audit-walk.1';
const fields = z.tuple([
  z.literal(FORM),
  z
    .number()
    .int()
    .min(0)
    .max(BUCKETS_MAX - 1),
  z
    .string()
    .regex(/^(0|[1-9][0-9]{0,17})$/)
    .transform((digits) => BigInt(digits)),
  z.string().regex(/^(GENESIS|[0-9a-f]{64})$/),
]);

/** Writes the cursor of a walk over the trail; empty when the walk is done. */
export function encodeAuditWalkCursor(position: AuditWalkPosition | undefined): string {
  if (position === undefined) return '';
  const { bucket, proven } = position;
  return encodeOpaque([FORM, bucket, proven.sequence.toString(), proven.checksum]);
}

/** Reads a walk's cursor, the start when it is empty; INVALID_CURSOR when no walk over so many buckets returned it. */
export function decodeAuditWalkCursor(cursor: string, buckets: number): AuditWalkPosition | ReadRefusal {
  if (cursor === '') return AUDIT_WALK_START;
  const parsed = fields.safeParse(decodeOpaque(cursor));
  if (parsed.success && parsed.data[1] < buckets) {
    const [, bucket, sequence, checksum] = parsed.data;
    return { bucket, proven: { sequence, checksum } };
  }
  return refuseRead('INVALID_CURSOR', 'cursor is none that a verification returned', 'cursor');
}
