import { z } from 'zod';
import { BUCKETS_MAX } from '@steelyard/domain/accounts';
import { decodeOpaque, encodeOpaque } from '../paging/opaque.js';
import { refuseRead, type ReadRefusal } from '../read-refusal.js';
import { SEAL_WALK_START, type SealWalkPosition } from './seal-walk.js';

const FORM = 'seals.1';
const fields = z.tuple([
  z.literal(FORM),
  z
    .string()
    .regex(/^[1-9][0-9]{0,17}$/)
    .transform((digits) => BigInt(digits)),
  z.int().min(0).max(BUCKETS_MAX),
]);

/** Writes the cursor of a walk over seals; empty when the walk is done. */
export function encodeSealWalkCursor(position: SealWalkPosition | undefined): string {
  return position === undefined ? '' : encodeOpaque([FORM, position.seal.toString(), position.bucket]);
}

/** Reads a walk's cursor, the start when it is empty; INVALID_CURSOR when no walk returned it. */
export function decodeSealWalkCursor(cursor: string): SealWalkPosition | ReadRefusal {
  if (cursor === '') return SEAL_WALK_START;
  const parsed = fields.safeParse(decodeOpaque(cursor));
  if (!parsed.success) {
    return refuseRead('INVALID_CURSOR', 'cursor is none that a verification returned', 'cursor');
  }
  const [, seal, bucket] = parsed.data;
  return { seal, bucket };
}
