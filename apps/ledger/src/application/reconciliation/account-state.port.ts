import type { AccountEnd, ChainEnds } from '../verification/verification-reads.port.js';

/** What an account's row says of its holds. */
export interface HoldState {
  /** Minor units. */
  readonly held: bigint;
  /** No open reservation ends before this; null: nothing is held. Milliseconds since 1970-01-01 UTC. */
  readonly nextExpiryAtMs: bigint | null;
}

/** One account's row in one bucket and what it must follow from, read in one snapshot: so that posting is no drift. */
export interface AccountState extends ChainEnds {
  /** Empty when the row is gone. */
  readonly currency: string;
  /** Absent: there are entries, but no row. */
  readonly account: (AccountEnd & HoldState) | undefined;
  /** Sum of the open reservations, minor units. */
  readonly openReservations: bigint;
  /** When the first of them ends; null: there are none. */
  readonly firstExpiryAtMs: bigint | null;
}

/** The next `limit` entries of a chain: those after one sequence, through another. */
export interface EntryStretchBounds {
  readonly bucket: number;
  readonly accountId: string;
  readonly after: bigint;
  readonly through: bigint;
  readonly limit: number;
}

export interface StretchSum {
  /** Minor units. */
  readonly sum: bigint;
  /** The last sequence that was added; what it was after when there is none. */
  readonly through: bigint;
  /** Fewer than the limit: there are no more. */
  readonly entries: number;
}

/** What reconciliation reads. Every method is one statement. */
export abstract class AccountStateReads {
  /** The rows of a bucket in key order, those after `accountId`. */
  abstract statesAfter(bucket: number, accountId: string, limit: number): Promise<readonly AccountState[]>;

  /** One account's rows in bucket order, also where there are entries and no row. */
  abstract statesOf(accountId: string, buckets: readonly number[]): Promise<readonly AccountState[]>;

  /** Adds up the amounts of the next entries of a chain. */
  abstract sumOfEntries(stretch: EntryStretchBounds): Promise<StretchSum>;
}
