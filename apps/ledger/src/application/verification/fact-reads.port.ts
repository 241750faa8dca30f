import type { FactKey } from '@steelyard/domain/posting';
import type { AccountEnd, AuditedEntry } from './verification-reads.port.js';

/** What verification has to know of a committed fact beyond what its entries carry already. */
export interface SliceFact extends FactKey {
  /** Moves value: has entries that sum to zero. */
  readonly isTransaction: boolean;
  /** The other buckets' parts of the same transaction; undefined on a part that is not its home. */
  readonly legs: readonly FactKey[] | undefined;
  readonly transactionId: string;
}

/** An entry, and the place in its slice of the fact that it names: 0 is the first. */
export type SliceEntry = AuditedEntry & { readonly place: number; readonly amount: bigint };

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
  readonly facts: readonly (SliceFact | undefined)[];
  /** In the order of their facts. */
  readonly entries: readonly SliceEntry[];
}

/** What the parts of a transaction in other buckets move in one currency. */
export interface LegSum {
  /** Place of the home fact in its slice. */
  readonly place: number;
  readonly currency: string;
  readonly entries: number;
  readonly amount: bigint;
}

/** A place in a chain: that of the first entry that a slice adds to it, for instance. */
export interface ChainPlace {
  readonly accountId: string;
  readonly sequence: bigint;
}

/** What lies before a place in a chain, and what is known of the chain. */
export interface ChainLink {
  readonly accountId: string;
  readonly hasAccount: boolean;
  /** Empty when there is no account. */
  readonly currency: string;
  /** The last entry before the place; undefined when there is none. */
  readonly previous: AccountEnd | undefined;
  /** Where the chain was proven to end when its facts were new; undefined when that was never done. */
  readonly proven: AccountEnd | undefined;
}

/** Reads facts with their entries in the order in which they were written. Nothing of that ever changes. */
export abstract class FactReads {
  /** All entries of the slice's facts are in it: whoever sees a bucket's head sees what was committed with it. */
  abstract slice(bucket: number, after: bigint, limit: number): Promise<FactSlice>;

  /** One link for each place, in no order. */
  abstract links(bucket: number, places: readonly ChainPlace[]): Promise<readonly ChainLink[]>;

  abstract legSums(facts: FactSlice['facts']): Promise<readonly LegSum[]>;

  /** The first entry of each chain that names a fact before the first or beyond the head: no slice has it. */
  abstract outcasts(bucket: number): Promise<readonly ChainPlace[]>;
}
