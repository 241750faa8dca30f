import { z } from 'zod';
import { decodeOpaque, encodeOpaque } from '../paging/opaque.js';
import { refuseRead, type ReadRefusal } from '../read-refusal.js';

const FORM = 'checkpoints.1';
const fields = z.tuple([
  z.literal(FORM),
  z
    .string()
    .regex(/^[1-9][0-9]{0,17}$/)
    .transform((digits) => BigInt(digits)),
]);

/** Writes the cursor of the page behind this checkpoint. */
export function encodeCheckpointCursor(treeSize: bigint): string {
  return encodeOpaque([FORM, treeSize.toString()]);
}

/** Reads a cursor; undefined for the first page, INVALID_CURSOR when it is none of this list. */
export function decodeCheckpointCursor(cursor: string): bigint | undefined | ReadRefusal {
  if (cursor === '') return undefined;
  const parsed = fields.safeParse(decodeOpaque(cursor));
  if (!parsed.success)
    return refuseRead('INVALID_CURSOR', 'cursor is none that this list returned', 'cursor');
  return parsed.data[1];
}
