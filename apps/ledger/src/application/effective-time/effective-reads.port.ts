import type { WindowRange } from './effective-windows.js';

/** Amount, in minor units, and number of some entries. */
export interface EntrySum {
  readonly amount: bigint;
  readonly entries: bigint;
}

/**
 * One chain of an account as one snapshot shows it. Dated entries are those whose metadata says when they took
 * effect; what is derived from them covers the facts of the bucket up to where the inbox is, not those behind it.
 */
export interface DatedChain {
  readonly bucket: number;
  readonly currency: string;
  /** Sequence of the last entry, 0 before the first. */
  readonly high: bigint;
  /** The last entry committed at or before the instant; both 0 when there is none. */
  readonly committedSequence: bigint;
  readonly committedBalance: bigint;
  /** Dated entries committed at or before the instant. */
  readonly datedCommitted: EntrySum;
  /** Dated entries that took effect at or before the instant. */
  readonly datedEffective: EntrySum;
  /** The last fact that the sums cover. */
  readonly coveredFact: bigint;
  /** Whether the chain has entries of later facts. */
  readonly isBehind: boolean;
  /** Facts before it that the sums leave out all the same: they could not be applied yet. */
  readonly missedFacts: readonly bigint[];
}

/** An entry that the sums do not cover. */
export interface UncoveredEntry {
  readonly sequence: bigint;
  readonly factSequence: bigint;
  /** Minor units, signed. */
  readonly amount: bigint;
  /** Of the transaction; null when it can be told without it that the entry is not dated. */
  readonly metadataJson: string | null;
}

/** What is asked of an account: where it may have chains, the instant, and the windows that end with it. */
export interface DatedQuestion {
  readonly buckets: readonly number[];
  readonly atMs: bigint;
  readonly windows: readonly WindowRange[];
}

/** Sums over dated entries, and the entries that are not in them yet. */
export abstract class EffectiveReads {
  /** The account's chains in bucket order, all in one snapshot; empty when no bucket knows the account. */
  abstract findDatedChains(accountId: string, question: DatedQuestion): Promise<readonly DatedChain[]>;

  /** Entries of a chain from `high` downwards, newest first. */
  abstract entriesDownFrom(
    accountId: string,
    page: { readonly bucket: number; readonly high: bigint; readonly limit: number },
  ): Promise<readonly UncoveredEntry[]>;

  /** The account's entries of some facts. */
  abstract entriesOfFacts(
    accountId: string,
    facts: { readonly bucket: number; readonly sequences: readonly bigint[] },
  ): Promise<readonly UncoveredEntry[]>;
}
