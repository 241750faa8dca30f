import type { Account } from '../accounts/index.js';
import type { JsonObject } from '../ledger-chain/index.js';
import type { Reservation } from '../reservations/index.js';
import type { Pot } from '../tables/index.js';
import type { AccountRef } from './books.js';
import type { Granted } from './outcome.js';
import type { FactKey } from './ids.js';
import type { PlatformMetadata } from './details.js';
import type {
  AccountFactKind,
  PotFactKind,
  ReservationFactKind,
  TransactionType,
} from './transaction-types.js';

/** What a granted command does, before sequences and checksums are given to it. Applied whole. */
export interface Plan {
  /** Accounts that did not exist; their rows come before the movements on them. */
  readonly openedAccounts: readonly Account[];
  /** In the order in which they become facts of the home bucket. */
  readonly facts: readonly PlannedFact[];
  /** Index of the fact that answers the command, unless the pot does. */
  readonly answerIndex: number;
  /** What becomes of a pot; then the pot is the answer. */
  readonly pot?: PlannedPot;
}

export type PlannedFact = PlannedTransaction | PlannedAccountFact | PlannedReservationFact | PlannedPotFact;

export interface PlannedPot {
  readonly after: Pot;
  /** The seat that the command named. */
  readonly seatId?: number;
  /** Who is paid by the plan's first transactions, in their order. */
  readonly paid: readonly { readonly seatId: number; readonly accountId: string }[];
}

export interface PlannedTransaction {
  readonly kind: TransactionType;
  /** Two or more; they sum to zero in every currency. */
  readonly movements: readonly Movement[];
  /** For a reversal: how much of the original will have been reversed. */
  readonly reversed?: { readonly key: FactKey; readonly total: bigint };
  /** The reservation that it commits; the first movement is on the reservation's account. */
  readonly commits?: Reservation;
  /** What it adds to the metadata of the command. */
  readonly extraMetadata?: PlatformMetadata;
  /** Chips that come into being with it, if any do. */
  readonly inflation?: bigint;
}

/** Minor units that one account gets (negative: gives). */
export interface Movement extends AccountRef {
  readonly amount: bigint;
  /** The account's metadata afterwards, when they change with it. */
  readonly metadataJson?: string;
}

/** A step of a reservation that moves no value. */
export interface PlannedReservationFact {
  readonly kind: ReservationFactKind;
  /** As it will be. Of one that begins, sequence and id are not known yet: zero and empty. */
  readonly reservation: Reservation;
  /** The account as it will be, but for its version. */
  readonly account: Account;
  readonly actor: JsonObject;
}

/** A pot was closed. */
export interface PlannedPotFact {
  readonly kind: PotFactKind;
  readonly pot: Pot;
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
  readonly outcome: Granted;
}
