import { GENESIS } from '@steelyard/domain/ledger-chain';
import { entryIdOf, factKind, transactionIdOf, type FactKey } from '@steelyard/domain/posting';
import { invariant } from '@steelyard/domain/result';

/** What every statement returns of an entry's fact; all null when the fact is missing. */
export interface FactColumns {
  readonly bucket: number;
  readonly fact_sequence: bigint | null;
  readonly kind: number | null;
  readonly committed_at_ms: bigint | null;
  readonly home_bucket: number | null;
  readonly home_sequence: bigint | null;
  readonly data: string | null;
}

export interface FactDetails {
  readonly transactionId: string;
  readonly type: string;
  readonly committedAtMs: bigint;
  readonly timestamp: string;
  readonly metadataJson: string;
  readonly entryId: string;
}

/** Milliseconds come as bigint from the driver; they are far below 2^53. */
export function toMs(value: bigint): number {
  return Number(value);
}

/** Stored checksums: nothing before the first entry. */
export function checksumOfHex(hex: string | null, whenEmpty: string): string {
  return hex === null || hex === '' ? whenEmpty : hex;
}

/** The other way: what is stored for a checksum. */
export function hexOfChecksum(checksum: string): string {
  return checksum === GENESIS ? '' : checksum;
}

/** What an entry owes to its fact. A missing fact is damage that no reader can work around. */
export function factDetails(row: FactColumns, ordinal: number): FactDetails {
  const { fact_sequence: sequence, kind, committed_at_ms: committedAtMs, data } = row;
  invariant(
    sequence !== null && kind !== null && committedAtMs !== null && data !== null,
    `an entry of bucket ${row.bucket} has no fact`,
  );
  const type = factKind(kind);
  invariant(type !== undefined, `fact ${sequence} of bucket ${row.bucket} is of the unknown kind ${kind}`);
  const home = homeOf(row.bucket, sequence, row);
  const atMs = toMs(committedAtMs);
  return {
    transactionId: transactionIdOf(home, atMs),
    entryId: entryIdOf(home, atMs, ordinal),
    type,
    committedAtMs,
    timestamp: new Date(atMs).toISOString(),
    metadataJson: data,
  };
}

function homeOf(bucket: number, sequence: bigint, row: FactColumns): FactKey {
  const { home_bucket: homeBucket, home_sequence: homeSequence } = row;
  if (homeBucket === null || homeSequence === null) return { bucket, sequence };
  return { bucket: homeBucket, sequence: homeSequence };
}
