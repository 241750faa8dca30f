import type { Account } from '../accounts/index.js';
import type { Reservation } from '../reservations/index.js';
import type { Pot } from '../tables/index.js';
import type { Head } from './books.js';
import type { FactKey } from './ids.js';
import type { FactKind } from './transaction-types.js';

/** All that one batch writes, or nothing of it. */
export interface WriteSet {
  /** Every bucket that the batch decided on; stored only if each is still at `expected`. */
  readonly heads: readonly HeadMove[];
  readonly openedAccounts: readonly Account[];
  readonly changedAccounts: readonly ChangedAccount[];
  readonly facts: readonly FactRow[];
  readonly entries: readonly EntryRow[];
  readonly keys: readonly KeyRow[];
  readonly reversals: readonly ReversalRow[];
  readonly reservations: readonly ReservationRow[];
  readonly pots: readonly PotRow[];
}

export interface ReservationRow {
  readonly reservation: Reservation;
  /** False: the stored one must still be held. */
  readonly isNew: boolean;
}

export interface PotRow {
  readonly pot: Pot;
  /** null: there must be none. */
  readonly expectedVersion: bigint | null;
}

export interface HeadMove {
  readonly bucket: number;
  readonly expected: bigint;
  /** The write that must have left the expected head; null: none. */
  readonly expectedWriteId: bigint | null;
  readonly next: Head;
}

export interface ChangedAccount {
  readonly account: Account;
  readonly expectedVersion: bigint;
  /** More changed than the balance: the whole row is written. */
  readonly isProfileChanged: boolean;
}

export interface FactRow {
  readonly key: FactKey;
  readonly kind: FactKind;
  readonly committedAtMs: number;
  /** The transaction's home on a row that holds its part in another bucket, else null. */
  readonly home: FactKey | null;
  /** The transaction's parts in other buckets, on its home row. */
  readonly legs: readonly FactKey[];
  readonly idempotencyKey: string | null;
  readonly dataJson: string;
}

export interface EntryRow {
  readonly bucket: number;
  readonly accountId: string;
  readonly currency: string;
  readonly sequence: bigint;
  readonly amount: bigint;
  readonly balanceAfter: bigint;
  /** The fact in the entry's own bucket. */
  readonly factSequence: bigint;
  readonly ordinal: number;
  /** Number of the transaction within the write set: entries with the same one sum to zero per currency. */
  readonly transactionIndex: number;
  readonly checksum: string;
}

export interface KeyRow {
  readonly bucket: number;
  readonly slot: string;
  readonly fingerprint: string;
  /** The fact in its home bucket that the command became, and from which its answer can be given again. */
  readonly factSequence: bigint | null;
  /** The answer itself where there is no such fact: a refusal, or an account that was left as it was. */
  readonly outcomeJson: string | null;
}

export interface ReversalRow {
  readonly bucket: number;
  readonly factSequence: bigint;
  readonly reversed: bigint;
}
