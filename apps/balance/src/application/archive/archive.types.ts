import type { FactKey, FactKind } from '@steelyard/domain/posting';

export const ARCHIVE_FORMAT = 'steelyard.ledger.1';

/** Of accounts, facts, entries and the other tables, by their plural names. */
export type ArchiveCounts = Readonly<Record<string, number>>;

/** Where a bucket ends. */
export interface ArchivedHead {
  readonly bucket: number;
  readonly sequence: bigint;
  readonly committedAtMs: bigint;
}

/** What an archive says of itself before its rows. */
export interface ArchiveHeader {
  /** Of the platform that wrote it. */
  readonly version: string;
  readonly exportedAtMs: number;
  readonly buckets: number;
  readonly defaultCurrency: string;
  /** One a bucket, in bucket order. */
  readonly heads: readonly ArchivedHead[];
  readonly counts: ArchiveCounts;
}

export interface ArchivedEntry {
  readonly accountId: string;
  readonly sequence: bigint;
  /** Minor units. */
  readonly amount: bigint;
  readonly balanceAfter: bigint;
  readonly ordinal: number;
  readonly hashVersion: number;
  /** Lower-case hex. */
  readonly checksum: string;
}

/** A fact of one bucket with the entries on that bucket's accounts. */
export interface ArchivedFact extends FactKey {
  readonly kind: FactKind;
  readonly committedAtMs: number;
  readonly home: FactKey | null;
  readonly legs: readonly FactKey[];
  readonly idempotencyKey: string | null;
  /** As it is stored, character by character. */
  readonly data: string;
  readonly entries: readonly ArchivedEntry[];
}

/** How far some work on an archive has come. */
export interface ArchiveProgress {
  /** Lines so far, and those that the header announces. */
  readonly lines: number;
  readonly linesTotal: number;
  readonly entries: number;
}

/** What became of an archive. */
export interface ArchiveReport {
  readonly lines: number;
  readonly counts: ArchiveCounts;
  /** Lower-case hex: the running hash that the footer holds. */
  readonly sha256: string;
}

/** Lines of an archive with these counts: entries are in the lines of their facts. */
export function linesOf(counts: ArchiveCounts): number {
  const rows = Object.entries(counts).reduce(
    (sum, [name, count]) => (name === 'entries' ? sum : sum + count),
    0,
  );
  return rows + HEADER_AND_FOOTER;
}

const HEADER_AND_FOOTER = 2;
