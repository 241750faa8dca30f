import type { Account } from '../accounts/index.js';
import type { JsonObject } from '../ledger-chain/index.js';
import type { AccountRef } from './books.js';
import type { FactKey } from './ids.js';
import type { AccountFactKind, TransactionType } from './transaction-types.js';

/** What a granted command does, before sequences and checksums are given to it. Applied whole. */
export interface Plan {
  /** Accounts that did not exist; their rows come before the movements on them. */
  readonly openedAccounts: readonly Account[];
  /** In the order in which they become facts of the home bucket. */
  readonly facts: readonly PlannedFact[];
  /** Index of the fact that answers the command. */
  readonly answerIndex: number;
}

export type PlannedFact = PlannedTransaction | PlannedAccountFact;

export interface PlannedTransaction {
  readonly kind: TransactionType;
  /** Two or more; they sum to zero in every currency. */
  readonly movements: readonly Movement[];
  /** For a reversal: how much of the original will have been reversed. */
  readonly reversed?: { readonly key: FactKey; readonly total: bigint };
}

/** Minor units that one account gets (negative: gives). */
export interface Movement extends AccountRef {
  readonly amount: bigint;
}

/** An account was opened, or something other than its balance changed. */
export interface PlannedAccountFact {
  readonly kind: AccountFactKind;
  readonly after: Account;
  readonly data: JsonObject;
}

/** The command asks for what is there already: nothing is written but its key. */
export interface Unchanged {
  readonly kind: 'unchanged';
  readonly account: Account;
}
