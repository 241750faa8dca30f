import type { AccountStatus } from '../accounts/index.js';
import type { JsonObject } from '../ledger-chain/index.js';
import type { Details } from './details.js';
import type { FactKey } from './ids.js';
import type { ReservationCommand } from './reservation-commands.js';
import type { TableCommand } from './table-commands.js';
import type { TransactionType } from './transaction-types.js';

/**
 * What callers may ask of the posting core. Parsed and checked for form before they get here; all amounts are
 * minor units. Each member has its own decision (decide-*.ts); all travel in the same batches.
 */
export type Command =
  | OpenAccount
  | UpdateAccount
  | SetAccountStatus
  | PostToAccount
  | Transfer
  | Reverse
  | ReservationCommand
  | TableCommand;

/** Absent members keep what is there; null removes the bound. */
export interface LimitsPatch {
  readonly creditLimit?: bigint | null;
  readonly minimumHold?: bigint;
  readonly maxBalance?: bigint | null;
  readonly warningThreshold?: bigint | null;
  readonly criticalThreshold?: bigint | null;
}

/** Creates an account unless it exists; an existing one is the answer then. */
export interface OpenAccount {
  readonly kind: 'open-account';
  readonly accountId: string;
  /** undefined: the default currency, or whatever an existing account has. */
  readonly currency?: string;
  /** Zero or more, deposited from the outside world. */
  readonly initialBalance: bigint;
  readonly tier: string | null;
  readonly holderId: string | null;
  readonly agentId: string | null;
  readonly limits: LimitsPatch;
  readonly details: Details;
}

export interface UpdateAccount {
  readonly kind: 'update-account';
  readonly accountId: string;
  readonly tier?: string | null;
  readonly holderId?: string | null;
  readonly agentId?: string | null;
  readonly limits: LimitsPatch;
  readonly metadata?: JsonObject;
  readonly details: Details;
}

export interface SetAccountStatus {
  readonly kind: 'set-account-status';
  readonly accountId: string;
  readonly status: AccountStatus;
  readonly details: Details;
}

/** Moves value between one account and a system account of the same bucket. */
export interface PostToAccount {
  readonly kind: 'post-to-account';
  readonly accountId: string;
  /** Signed, not zero: what the account gets. */
  readonly amount: bigint;
  readonly type: TransactionType;
  readonly counterpart: 'world' | 'house';
  /** undefined: the account's own, or the default for a new one. */
  readonly currency?: string;
  /** Open the account if it is absent instead of refusing. */
  readonly opensAccount: boolean;
  readonly details: Details;
}

export interface Transfer {
  readonly kind: 'transfer';
  readonly fromAccountId: string;
  readonly toAccountId: string;
  /** Greater than zero, in the paying account's currency. */
  readonly amount: bigint;
  readonly type: TransactionType;
  /** Whole target units for one whole source unit; needed exactly when the currencies differ. */
  readonly rate?: string;
  readonly details: Details;
}

/** Moves back what a transaction moved, whole or in part, by a new transaction. */
export interface Reverse {
  readonly kind: 'reverse';
  readonly original: ReversibleTransaction;
  /** Greater than zero; undefined: all that is left. */
  readonly amount?: bigint;
  readonly details: Details;
}

/** A committed transaction as a reversal needs it. It never changes, so it may be read long before. */
export interface ReversibleTransaction {
  readonly key: FactKey;
  readonly transactionId: string;
  readonly type: TransactionType;
  /** In the order of their ordinals. */
  readonly legs: readonly TransactionLeg[];
}

export interface TransactionLeg {
  readonly bucket: number;
  readonly accountId: string;
  readonly currency: string;
  readonly amount: bigint;
}
