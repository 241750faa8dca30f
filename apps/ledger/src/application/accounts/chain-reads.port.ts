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

/** What one chain of an account had come to at an instant. */
export interface ChainBalance {
  readonly currency: string;
  /** Of the last entry committed at or before the instant; 0 when there is none. */
  readonly sequence: bigint;
  /** Minor units, after that entry. */
  readonly balance: bigint;
}

/** An instant, and the buckets where an account may have chains. */
export interface BalanceQuestion {
  readonly buckets: readonly number[];
  readonly atMs: bigint;
}

/** Where an account's chains are, and how time maps to their sequences. */
export abstract class ChainReads {
  /** The account's chains in bucket order; empty when no bucket knows the account. */
  abstract findChains(accountId: string, buckets: readonly number[]): Promise<readonly Chain[]>;

  /** The account's chains at an instant, in one round trip; empty when no bucket knows the account. */
  abstract findBalancesAt(accountId: string, question: BalanceQuestion): Promise<readonly ChainBalance[]>;

  /** The sequences that answer all questions about one account, in one round trip; 0 where there is no such entry. */
  abstract findBounds(accountId: string, questions: readonly BoundQuestion[]): Promise<readonly bigint[]>;
}
