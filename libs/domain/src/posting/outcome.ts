import type { Account } from '../accounts/index.js';
import type { Reservation } from '../reservations/index.js';
import type { PotKey, PotStatus } from '../tables/index.js';
import type { Refusal } from '../result/index.js';
import type { TransactionType } from './transaction-types.js';

/** What became of a command that was granted. */
export type Granted = TransactionOutcome | AccountOutcome | ReservationOutcome | PotOutcome;

/** What became of a command. */
export type Outcome = Granted | Refusal;

export interface TransactionOutcome {
  readonly kind: 'transaction';
  readonly transaction: PostedTransaction;
}

export interface AccountOutcome {
  readonly kind: 'account';
  /** As it was right after the command. */
  readonly account: Account;
  readonly isCreated: boolean;
}

export interface ReservationOutcome {
  readonly kind: 'reservation';
  /** As it was right after the command. */
  readonly reservation: Reservation;
}

/** What a command on a pot came to. Amounts are minor units. */
export interface PotOutcome extends PotKey {
  readonly kind: 'pot';
  readonly currency: string;
  readonly status: PotStatus;
  /** Contributions without what was returned. */
  readonly total: bigint;
  /** Of the seat that the command named; zero without one. */
  readonly seatContribution: bigint;
  /** Of the movement; null when none or several were made. */
  readonly transactionId: string | null;
  readonly rake: bigint;
  /** Of a settlement that the command made. */
  readonly payouts: readonly PaidOut[];
}

export interface PaidOut {
  readonly seatId: number;
  readonly accountId: string;
  readonly amount: bigint;
  readonly transactionId: string;
  readonly newBalance: bigint;
}

/** A committed movement of value. Amounts are minor units. */
export interface PostedTransaction {
  readonly transactionId: string;
  readonly type: TransactionType;
  /** What the first entry moved, without its sign. */
  readonly amount: bigint;
  readonly currency: string;
  /** In the order of their ordinals: the account that the command named first comes first. */
  readonly entries: readonly PostedEntry[];
  readonly idempotencyKey: string | null;
  readonly metadataJson: string;
  readonly committedAtMs: number;
}

export interface PostedEntry {
  readonly entryId: string;
  readonly accountId: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly balanceAfter: bigint;
  readonly sequence: bigint;
}

/** An outcome, and whether it is the first answer to the key given once more. */
export interface Answer {
  readonly outcome: Outcome;
  readonly isReplayed: boolean;
}
