import { z } from 'zod';
import { decodeOpaque, encodeOpaque } from '../paging/opaque.js';
import { refuseRead, type ReadRefusal } from '../read-refusal.js';
import type { IncidentPosition } from './incident-log.js';

const FORM = 'incidents.1';
/** So many digits are below 2^63. */
const DIGITS_MAX = 18;
const fields = z.tuple([
  z.literal(FORM),
  z
    .string()
    .regex(new RegExp(`^[0-9]{1,${DIGITS_MAX}}$`))
    .transform((digits) => BigInt(digits)),
  z.uuid(),
]);

/** Writes the cursor of the page after `position`. */
export function encodeIncidentCursor({ foundAtMs, incidentId }: IncidentPosition): string {
  return encodeOpaque([FORM, foundAtMs.toString(), incidentId]);
}

/** Reads a cursor; undefined for the first page, INVALID_CURSOR when it is none of this list's. */
export function decodeIncidentCursor(cursor: string): IncidentPosition | undefined | ReadRefusal {
  if (cursor === '') return undefined;
  const parsed = fields.safeParse(decodeOpaque(cursor));
  if (!parsed.success)
    return refuseRead('INVALID_CURSOR', 'cursor is none that this list returned', 'cursor');
  const [, foundAtMs, incidentId] = parsed.data;
  return { foundAtMs, incidentId };
}
