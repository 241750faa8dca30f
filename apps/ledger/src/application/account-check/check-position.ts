import { z } from 'zod';
import { BUCKETS_MAX } from '@steelyard/domain/accounts';
import { decodeOpaque, encodeOpaque } from '../paging/opaque.js';
import { refuseRead, type ReadRefusal } from '../read-refusal.js';
import { CHAIN_START } from '../verification/chain-audit.js';
import { SEQUENCE_MIN } from '../verification/entry-stream.js';
import type { AccountEnd } from '../verification/verification-reads.port.js';

/** How far the entries of a chain are added up. */
export interface EntrySum {
  /** The last entry that was added. */
  readonly through: bigint;
  /** Minor units. */
  readonly sum: bigint;
}

/** How far the check of one chain came. */
export interface ChainPosition {
  readonly proven: AccountEnd;
  /** Of the checks that add up the entries as well. */
  readonly summed: EntrySum;
}

/** How far the check of one account came. Its chains are checked one after the other, in bucket order. */
export interface CheckPosition extends ChainPosition {
  /** Of the chain that is next, or in progress. */
  readonly bucket: number;
  /** Of all chains, from the beginning of the check on. */
  readonly entriesChecked: bigint;
}

/** Nothing of a chain is checked. */
export const CHAIN_UNCHECKED: ChainPosition = {
  proven: CHAIN_START,
  summed: { through: SEQUENCE_MIN, sum: 0n },
};
const CHECK_START: CheckPosition = { ...CHAIN_UNCHECKED, bucket: 0, entriesChecked: 0n };

/** What a position is one of: a check does not go on where another left off. */
export interface CheckScope {
  readonly check: 'verify' | 'validate' | 'reconcile';
  readonly accountId: string;
}

const FORM = 'check.1';
const integer = z
  .string()
  .regex(/^(0|-?[1-9][0-9]{0,18})$/)
  .transform((digits) => BigInt(digits))
  .refine((value) => BigInt.asIntN(64, value) === value);
const bucket = z.int().min(0).max(BUCKETS_MAX);
const checksum = z.string().regex(/^(GENESIS|[0-9a-f]{64})$/);
const fields = z.tuple([
  z.literal(FORM),
  z.string(),
  z.string(),
  bucket,
  integer,
  integer,
  checksum,
  integer,
  integer,
  integer,
]);

/** Writes the cursor of a check; empty when it is done. */
export function encodeCheckCursor(
  { check, accountId }: CheckScope,
  position: CheckPosition | undefined,
): string {
  if (position === undefined) return '';
  const { bucket: inBucket, proven, summed, entriesChecked } = position;
  const { sequence, balance, checksum: last } = proven;
  const [reached, total] = [sequence.toString(), balance.toString()];
  const [through, sum] = [summed.through.toString(), summed.sum.toString()];
  const place = [FORM, check, accountId, inBucket, reached, total, last];
  return encodeOpaque([...place, through, sum, entriesChecked.toString()]);
}

/**
 * Reads a check's cursor, the start when it is empty; INVALID_CURSOR when no check of this account returned it. It is
 * not signed: whoever makes one up is told something of a chain that nobody asked about, and nobody else is.
 */
export function decodeCheckCursor(
  { check, accountId }: CheckScope,
  cursor: string,
): CheckPosition | ReadRefusal {
  if (cursor === '') return CHECK_START;
  const parsed = fields.safeParse(decodeOpaque(cursor));
  if (!parsed.success || parsed.data[1] !== check || parsed.data[2] !== accountId) {
    return refuseRead('INVALID_CURSOR', 'cursor is none that a check of this account returned', 'cursor');
  }
  const [, , , inBucket, sequence, balance, last, through, sum, entriesChecked] = parsed.data;
  const proven = { sequence, balance, checksum: last };
  return { bucket: inBucket, proven, summed: { through, sum }, entriesChecked };
}
