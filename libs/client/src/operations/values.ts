import type { Metadata } from './json.js';
import type { EscrowPolicy, OperationKind } from './operation.js';

export interface OpenedAccount {
  readonly accountId: string;
  readonly balance: bigint;
  readonly currency: string;
  readonly created: boolean;
}

/** A committed movement of one account. */
export interface Movement {
  readonly transactionId: string;
  readonly type: string;
  readonly accountId: string;
  readonly currency: string;
  /** What was moved; always positive. */
  readonly amount: bigint;
  readonly balanceBefore: bigint;
  readonly balanceAfter: bigint;
  readonly committedAt: Date;
}

export interface TransferSide {
  readonly accountId: string;
  readonly currency: string;
  /** Signed. */
  readonly amount: bigint;
  /** Only for those who may see the account. */
  readonly balanceBefore?: bigint;
  readonly balanceAfter?: bigint;
}

export interface Transfer {
  readonly transactionId: string;
  readonly type: string;
  /** In the paying currency; always positive. */
  readonly amount: bigint;
  readonly currency: string;
  readonly from: TransferSide;
  readonly to: TransferSide;
  readonly committedAt: Date;
}

export interface TransactionEntry extends TransferSide {
  readonly entryId: string;
}

/** Two or more entries that sum to zero in every currency. */
export interface Transaction {
  readonly transactionId: string;
  readonly type: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly entries: readonly TransactionEntry[];
  readonly metadata: Metadata;
  readonly committedAt: Date;
}

export interface Account {
  readonly accountId: string;
  readonly currency: string;
  readonly balance: bigint;
  readonly held: bigint;
  /** What can be spent. */
  readonly availableBalance: bigint;
  /** Grows by one with every change. */
  readonly version: bigint;
  readonly status: string;
  readonly tier: string | null;
  readonly holderId: string | null;
  readonly agentId: string | null;
  /** null: unlimited. */
  readonly creditLimit: bigint | null;
  readonly minimumHold: bigint;
  /** null: unlimited. */
  readonly maxBalance: bigint | null;
  readonly metadata: Metadata;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface Balance {
  readonly accountId: string;
  readonly balance: bigint;
  readonly availableBalance: bigint;
  readonly held: bigint;
  readonly currency: string;
  readonly version: bigint;
  readonly asOf: Date;
  /** True: the service answered from a cache because its database is away. */
  readonly stale: boolean;
}

export type ReservationStatus = 'HELD' | 'COMMITTED' | 'RELEASED' | 'EXPIRED';

export interface Reservation {
  readonly reservationId: string;
  readonly accountId: string;
  readonly currency: string;
  readonly status: ReservationStatus;
  readonly amount: bigint;
  /** What the commit moved; the rest was released. */
  readonly captured: bigint;
  readonly to?: string;
  readonly tableId?: string;
  readonly reference?: string;
  readonly metadata: Metadata;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** When it ended; absent while it is held. */
  readonly resolvedAt?: Date;
  /** Of the commit. */
  readonly transactionId?: string;
  /** Of the account, right after the last step of the reservation. */
  readonly balanceAfter: bigint;
  readonly availableAfter: bigint;
}

export interface ReservationPage {
  readonly reservations: readonly Reservation[];
  /** Absent: this was the last page. */
  readonly nextCursor?: string;
}

export type PotStatus = 'ACTIVE' | 'SETTLED' | 'CANCELLED';

export interface Payout {
  readonly seatId: number;
  readonly accountId: string;
  readonly amount: bigint;
  readonly transactionId: string;
  readonly newBalance: bigint;
}

/** What a command on a pot came to. */
export interface PotOutcome {
  readonly tableId: string;
  readonly handId: string;
  readonly currency: string;
  readonly status: PotStatus;
  /** Contributions without what was returned. */
  readonly total: bigint;
  /** Of the seat that the command named; 0 without one. */
  readonly seatContribution: bigint;
  /** Of the movement, when there was exactly one. */
  readonly transactionId?: string;
  readonly rake: bigint;
  /** Of a settlement that this command made; empty when the pot was settled before. */
  readonly payouts: readonly Payout[];
}

export interface PotSeat {
  readonly seatId: number;
  readonly accountId: string;
  readonly contributed: bigint;
  readonly returned: bigint;
  readonly won: bigint;
}

export interface Pot {
  readonly tableId: string;
  readonly handId: string;
  readonly currency: string;
  readonly status: PotStatus;
  readonly total: bigint;
  readonly rake: bigint;
  readonly seats: readonly PotSeat[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface Table {
  readonly tableId: string;
  readonly currency: string;
  /** Chips in play: bought in, not cashed out, not in a pot. */
  readonly escrow: bigint;
  readonly escrowPolicy: EscrowPolicy;
  /** Chips that were let through although the escrow did not cover them. */
  readonly inflation: bigint;
}

export interface TablePolicy {
  readonly tableId: string;
  readonly escrowPolicy: EscrowPolicy;
}

/** What a granted operation comes to, by its kind. */
export interface OperationValues extends Readonly<Record<OperationKind, unknown>> {
  readonly openAccount: OpenedAccount;
  readonly deposit: Movement;
  readonly withdraw: Movement;
  readonly transfer: Transfer;
  readonly reverse: Transaction;
  readonly reserve: Reservation;
  readonly commit: Reservation;
  readonly release: Reservation;
  readonly extend: Reservation;
  readonly buyIn: Reservation;
  readonly cashOut: Movement;
  readonly contribute: PotOutcome;
  readonly returnContribution: PotOutcome;
  readonly settlePot: PotOutcome;
  readonly cancelPot: PotOutcome;
  readonly setPolicy: TablePolicy;
}
