import type { Metadata } from './json.js';

// Amounts are integer minor units of the account's currency, within ±(2^53 - 1).

/** Why and by whom. All of it is kept with the movement, under its checksum. */
export interface Particulars {
  readonly reason?: string | undefined;
  readonly performedBy?: string | undefined;
  readonly agentId?: string | undefined;
  readonly metadata?: Metadata | undefined;
  /** Business time; may lie in the past. */
  readonly effectiveAt?: Date | undefined;
}

/** Absent members take the default. */
export interface LimitsInput {
  /** How far below zero the balance may go; null: no floor. */
  readonly creditLimit?: bigint | null | undefined;
  readonly minimumHold?: bigint | undefined;
  /** null: no ceiling. */
  readonly maxBalance?: bigint | null | undefined;
  readonly warningThreshold?: bigint | undefined;
  readonly criticalThreshold?: bigint | undefined;
}

export interface OpenAccountInput {
  readonly accountId: string;
  readonly initialBalance?: bigint | undefined;
  /** Absent: the service's default. */
  readonly currency?: string | undefined;
  readonly tier?: string | undefined;
  /** Groups the accounts of one owner. */
  readonly holderId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly limits?: LimitsInput | undefined;
  readonly metadata?: Metadata | undefined;
}

export interface DepositInput extends Particulars {
  readonly accountId: string;
  readonly amount: bigint;
  readonly currency?: string | undefined;
  /** Where the money comes from. BONUS and REFERRAL give the transaction that type. */
  readonly source?: string | undefined;
}

export interface WithdrawInput extends Particulars {
  readonly accountId: string;
  readonly amount: bigint;
  readonly currency?: string | undefined;
}

export interface TransferInput extends Particulars {
  readonly from: string;
  readonly to: string;
  /** Minor units of the paying account's currency. */
  readonly amount: bigint;
  readonly type?: string | undefined;
  /** Whole units of the receiving currency for one of the paying one; between currencies only. */
  readonly rate?: string | undefined;
}

export interface ReverseInput {
  readonly transactionId: string;
  readonly reason: string;
  /** Absent: all that has not been reversed yet. */
  readonly amount?: bigint | undefined;
  readonly performedBy?: string | undefined;
  readonly agentId?: string | undefined;
}

/** Where a commit moves the funds: to another account, to a table, or out of the platform when neither is given. */
export interface ReserveInput {
  readonly accountId: string;
  readonly amount: bigint;
  /** Absent: the service's default of 30 seconds, at most 24 hours. */
  readonly timeoutSeconds?: number | undefined;
  readonly to?: string | undefined;
  readonly tableId?: string | undefined;
  /** Your own name for it. */
  readonly reference?: string | undefined;
  readonly metadata?: Metadata | undefined;
}

export interface CommitInput {
  readonly reservationId: string;
  /** Absent: all of it. What is not committed is released. */
  readonly amount?: bigint | undefined;
}

export interface ReleaseInput {
  readonly reservationId: string;
  readonly reason?: string | undefined;
}

export interface ExtendInput {
  readonly reservationId: string;
  /** Counted from now. */
  readonly timeoutSeconds: number;
}

export interface BuyInInput {
  readonly accountId: string;
  readonly tableId: string;
  readonly amount: bigint;
  readonly reference?: string | undefined;
  readonly metadata?: Metadata | undefined;
}

export interface CashOutInput {
  readonly tableId: string;
  readonly accountId: string;
  readonly amount: bigint;
  readonly seatId?: number | undefined;
  /** The last hand that was played. */
  readonly handId?: string | undefined;
}

export type ContributionType = 'BLIND' | 'ANTE' | 'BET' | 'CALL' | 'RAISE';

export interface ContributeInput {
  readonly tableId: string;
  readonly handId: string;
  readonly seatId: number;
  readonly accountId: string;
  readonly amount: bigint;
  readonly type: ContributionType;
  readonly currency?: string | undefined;
}

/** An uncalled bet goes back to the table. */
export interface ReturnContributionInput {
  readonly tableId: string;
  readonly handId: string;
  readonly seatId: number;
  readonly amount: bigint;
}

export interface Winner {
  readonly seatId: number;
  readonly accountId: string;
  readonly amount: bigint;
}

export interface ShownHand {
  readonly seatId: number;
  readonly accountId: string;
  /** 1 is the best; equal hands have equal ranks. */
  readonly rank: number;
}

/** Either the amounts are known (`winners`), or the ranking is and the service computes main and side pots. */
export interface SettleInput {
  readonly tableId: string;
  readonly handId: string;
  readonly winners?: readonly Winner[] | undefined;
  readonly showdown?: readonly ShownHand[] | undefined;
  /** Absent: as the service is configured. */
  readonly rake?: bigint | undefined;
}

export interface CancelPotInput {
  readonly tableId: string;
  readonly handId: string;
  readonly reason?: string | undefined;
}

/** `strict` refuses what the chips on the table do not cover, `observe` lets it through and marks it. */
export type EscrowPolicy = 'strict' | 'observe';

export interface SetPolicyInput {
  readonly tableId: string;
  readonly escrowPolicy: EscrowPolicy;
}

/** Every operation by its kind. */
export interface Operations {
  readonly openAccount: OpenAccountInput;
  readonly deposit: DepositInput;
  readonly withdraw: WithdrawInput;
  readonly transfer: TransferInput;
  readonly reverse: ReverseInput;
  readonly reserve: ReserveInput;
  readonly commit: CommitInput;
  readonly release: ReleaseInput;
  readonly extend: ExtendInput;
  readonly buyIn: BuyInInput;
  readonly cashOut: CashOutInput;
  readonly contribute: ContributeInput;
  readonly returnContribution: ReturnContributionInput;
  readonly settlePot: SettleInput;
  readonly cancelPot: CancelPotInput;
  readonly setPolicy: SetPolicyInput;
}

export type OperationKind = keyof Operations;

/** What may be a part of an explicit batch. */
export type BatchKind = 'deposit' | 'withdraw' | 'transfer';
