import type { AccountEnd } from '../verification/verification-reads.port.js';

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

/** What is known of chains before new facts continue them. */
export abstract class KnownChainReads {
  abstract chains(bucket: number, accountIds: readonly string[]): Promise<KnownChains>;
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
