import type { Account } from '../accounts/index.js';
import type { Refusal } from '../result/index.js';
import type { TransactionType } from './transaction-types.js';

/** What became of a command. */
export type Outcome = TransactionOutcome | AccountOutcome | Refusal;

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
