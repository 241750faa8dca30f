import type { LedgerEntry } from '../list-entries/entry-reads.port.js';

/** Names a stretch of one account's chain: the entries after `low`, through `high`. */
export interface ChainStretch {
  readonly accountId: string;
  readonly bucket: number;
  readonly low: bigint;
  readonly high: bigint;
}

/** Where a chain stood at one of its entries. */
export interface StatementBoundary {
  /** Minor units. */
  readonly balance: bigint;
  /** Of the entry, 0 before the first. */
  readonly sequence: bigint;
  /** Of the entry, lower-case hex; GENESIS before the first. */
  readonly checksum: string;
}

/** Entries of one chain in their order. */
export abstract class StatementReads {
  /** The first entries of a stretch, oldest first. */
  abstract oldestEntries(stretch: ChainStretch, limit: number): Promise<readonly LedgerEntry[]>;

  /** Where the chain stood at the ends of a stretch. */
  abstract boundaries(
    stretch: ChainStretch,
  ): Promise<{ readonly opening: StatementBoundary; readonly closing: StatementBoundary }>;

  /** The sum of the positive amounts of a stretch, in minor units. Reads all of its entries. */
  abstract sumOfCredits(stretch: ChainStretch): Promise<bigint>;
}
