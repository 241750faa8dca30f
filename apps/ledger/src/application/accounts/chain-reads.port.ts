/**
 * One account's chain in one bucket. A client's account has one; an account of the platform itself has one in
 * every bucket that used it, and is shown as their merge.
 */
export interface Chain {
  readonly bucket: number;
  readonly currency: string;
  /** Of the last entry, 0 before the first. */
  readonly sequence: bigint;
  /** Of the last entry, lower-case hex; GENESIS before the first. */
  readonly checksum: string;
}

/** Asks for the last entry at or below `high` that was committed at or before `atMs`. */
export interface BoundQuestion {
  readonly bucket: number;
  readonly high: bigint;
  readonly atMs: bigint;
}

/** The entry found; sequence and balance are 0 when there is none. */
export interface Bound {
  readonly sequence: bigint;
  readonly balanceAfter: bigint;
}

/** Where an account's chains are, and how time maps to their sequences. */
export abstract class ChainReads {
  /** The account's chains in bucket order; empty when no bucket knows the account. */
  abstract findChains(accountId: string, buckets: readonly number[]): Promise<readonly Chain[]>;

  /** Answers all questions about one account in one round trip, in their order. */
  abstract findBounds(accountId: string, questions: readonly BoundQuestion[]): Promise<readonly Bound[]>;
}
