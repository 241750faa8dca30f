import type { AccountEnd } from '../verification/verification-reads.port.js';

/** What an account's row says of itself. */
export interface StoredState extends AccountEnd {
  /** Minor units. */
  readonly held: bigint;
  /** No open reservation ends before this; null: nothing is held. Milliseconds since 1970-01-01 UTC. */
  readonly nextExpiryAtMs: bigint | null;
}

/** One account's row in one bucket and what it must follow from, read in one snapshot: so that posting is no drift. */
export interface AccountState {
  readonly bucket: number;
  readonly accountId: string;
  /** Empty when the row is gone. */
  readonly currency: string;
  /** Absent: there are entries, but no row. */
  readonly stored: StoredState | undefined;
  /** The last entry; sequence and balance 0 and GENESIS before the first. */
  readonly last: AccountEnd;
  /** Sum of the open reservations, minor units. */
  readonly openReservations: bigint;
  /** When the first of them ends; null: there are none. */
  readonly firstExpiryAtMs: bigint | null;
}

/** What reconciliation reads. Every method is one statement. */
export abstract class AccountStateReads {
  /** The rows of a bucket in key order, those after `accountId`. */
  abstract statesAfter(bucket: number, accountId: string, limit: number): Promise<readonly AccountState[]>;

  /** One account's rows in bucket order, also where there are entries and no row. */
  abstract statesOf(accountId: string, buckets: readonly number[]): Promise<readonly AccountState[]>;

  /** Sum of the amounts of an account's entries up to a sequence. */
  abstract sumOfEntries(bucket: number, accountId: string, throughSequence: bigint): Promise<bigint>;
}
