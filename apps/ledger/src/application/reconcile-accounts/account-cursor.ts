import { z } from 'zod';
import { decodeOpaque, encodeOpaque } from '../paging/opaque.js';
import { refuseRead, type ReadRefusal } from '../read-refusal.js';
import { FIRST_ACCOUNT, type AccountPosition } from './account-walk.js';

const FORM = 'reconcile.1';
const fields = z.tuple([z.literal(FORM), z.int().min(0), z.string()]);

/** Writes the cursor of a walk; empty when the walk is done. */
export function encodeAccountCursor(position: AccountPosition | undefined): string {
  return position === undefined ? '' : encodeOpaque([FORM, position.bucket, position.accountId]);
}

/** Reads a walk's cursor, the start when it is empty; INVALID_CURSOR when no walk returned it. */
export function decodeAccountCursor(cursor: string, buckets: number): AccountPosition | ReadRefusal {
  if (cursor === '') return FIRST_ACCOUNT;
  const parsed = fields.safeParse(decodeOpaque(cursor));
  const [, bucket = buckets, accountId = ''] = parsed.data ?? [];
  if (bucket < buckets) return { bucket, accountId };
  return refuseRead('INVALID_CURSOR', 'cursor is none that a reconciliation returned', 'cursor');
}
