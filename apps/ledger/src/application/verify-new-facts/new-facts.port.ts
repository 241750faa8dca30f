import type { FactKey } from '@steelyard/domain/posting';
import type { AccountEnd, AuditedEntry } from '../verification/verification-reads.port.js';

/** What verification has to know of a committed fact beyond what its entries carry already. */
export interface NewFact extends FactKey {
  /** Moves value: has entries that sum to zero. */
  readonly isTransaction: boolean;
  /** The other buckets' parts of the same transaction; undefined on a part that is not its home. */
  readonly legs: readonly FactKey[] | undefined;
  readonly transactionId: string;
}

/** An entry, and the place in its slice of the fact that it names: 0 is the first. */
export type NewEntry = AuditedEntry & { readonly place: number; readonly amount: bigint };

/** The facts of a bucket after a sequence, with all entries that name them. */
export interface FactSlice {
  readonly bucket: number;
  readonly after: bigint;
  /** The last fact of the slice. */
  readonly through: bigint;
  /** Of the bucket when the facts were read. */
  readonly head: bigint;
  /** Highest sequence of any fact of the bucket, 0 when there is none. */
  readonly lastFact: bigint;
  /** One for each place from `after + 1` to `through`; undefined where the fact is missing. */
  readonly facts: readonly (NewFact | undefined)[];
  /** In the order of their facts. */
  readonly entries: readonly NewEntry[];
}

/** One chain that a slice adds to: how far it is proven, and what its account says. */
export interface KnownChain {
  readonly accountId: string;
  /** Empty when there is no account. */
  readonly currency: string;
  readonly account: AccountEnd | undefined;
  /** Undefined before its first entry was verified. */
  readonly proven: AccountEnd | undefined;
  /** Was found wrong: it is not continued until it is proven again. */
  readonly isFaulty: boolean;
}

export interface KnownChains {
  /** Of the bucket in the same snapshot. */
  readonly head: bigint;
  readonly chains: readonly KnownChain[];
}

/** What the parts of a transaction in other buckets move in one currency. */
export interface LegSum {
  /** Place of the home fact in its slice. */
  readonly place: number;
  readonly currency: string;
  readonly entries: number;
  readonly amount: bigint;
}

/** What verifying a slice reads. Each method is one statement. */
export abstract class NewFactsReads {
  abstract slice(bucket: number, after: bigint, limit: number): Promise<FactSlice>;

  abstract chains(bucket: number, accountIds: readonly string[]): Promise<KnownChains>;

  abstract legSums(facts: FactSlice['facts']): Promise<readonly LegSum[]>;
}

/** How far a chain is proven now. */
export interface ProvenChain {
  readonly accountId: string;
  readonly end: AccountEnd;
  readonly isFaulty: boolean;
}

export interface SliceProven {
  readonly through: bigint;
  readonly chains: readonly ProvenChain[];
}

export interface NewFactsSummary {
  /** Every fact committed at or before it is verified; undefined before the first. Milliseconds. */
  readonly verifiedUpToMs: bigint | undefined;
  /** Committed facts that are not verified yet. */
  readonly factsUnverified: bigint;
}

/** How far new facts are verified. */
export abstract class NewFactsStore {
  /** Buckets whose head is not where verification is. */
  abstract behind(): Promise<readonly number[]>;

  /**
   * Gives `work` the sequence of the last verified fact and stores what it returns, in one transaction that keeps
   * other processes out of the bucket. False, and nothing done, when another process is at it. When `work`
   * returns undefined, nothing is stored.
   */
  abstract advance(
    bucket: number,
    work: (after: bigint) => Promise<SliceProven | undefined>,
  ): Promise<boolean>;

  abstract summary(nowMs: number): Promise<NewFactsSummary>;
}
