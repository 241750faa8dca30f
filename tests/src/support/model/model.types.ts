import type { balanceV1 } from '@steelyard/contracts/grpc';

/** How the deployment under test is configured, as far as the model's answers depend on it. */
export interface ModelDeployment {
  readonly scales: ReadonlyMap<string, number>;
  readonly buckets: number;
  /** Of settlements that do not say. */
  readonly rake: { readonly basisPoints: bigint; readonly capChips: bigint; readonly minPotChips: bigint };
}

/** The model's own idea of an account; nothing of it comes from the code under test. */
export interface ModelAccount {
  readonly accountId: string;
  readonly bucket: number;
  readonly currency: string;
  balance: bigint;
  held: bigint;
  version: bigint;
  sequence: bigint;
  status: 'active' | 'frozen' | 'closed';
  /** null: no floor. */
  creditLimit: bigint | null;
  minimumHold: bigint;
  /** null: no ceiling. */
  maxBalance: bigint | null;
  warningThreshold: bigint | null;
  criticalThreshold: bigint | null;
  tier: string;
  holderId: string;
  agentId: string;
  metadata: string;
  /** Of a table: the deepest that it has ever been below zero. */
  inflation: bigint;
}

export type ReservationTarget =
  | { readonly kind: 'world' }
  | { readonly kind: 'account'; readonly accountId: string }
  | { readonly kind: 'table'; readonly tableId: string };

export interface ModelReservation {
  readonly accountId: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly target: ReservationTarget;
  readonly reference: string;
  readonly metadata: string;
  readonly createdAt: number;
  status: 'HELD' | 'COMMITTED' | 'RELEASED' | 'EXPIRED';
  captured: bigint;
  expiresAt: number;
  resolvedAt: number | undefined;
  /** Of the account, right after the last step. */
  balanceAfter: bigint;
  availableAfter: bigint;
  /** Of the commit. */
  transaction: ModelTransaction | undefined;
  /** What the platform named it; unknown until its answer is here. */
  id: string;
}

export interface ModelSeat {
  readonly seatId: number;
  readonly accountId: string;
  contributed: bigint;
  returned: bigint;
  won: bigint;
}

export interface ModelPot {
  readonly tableId: string;
  readonly handId: string;
  readonly bucket: number;
  readonly currency: string;
  status: 'ACTIVE' | 'SETTLED' | 'CANCELLED';
  /** By seat number. */
  seats: ReadonlyMap<number, ModelSeat>;
  rake: bigint;
}

export interface ModelEntry {
  readonly accountId: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly balanceBefore: bigint;
  readonly balanceAfter: bigint;
  readonly sequence: bigint;
}

export interface ModelTransaction {
  readonly type: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly entries: readonly ModelEntry[];
  /** Of the accounts in the entries, in the same order. */
  readonly buckets: readonly number[];
  readonly idempotencyKey: string;
  readonly metadata: string;
  reversed: bigint;
  /** What the platform named it; unknown until its answer is here. */
  id: string;
}

export interface RefusedAnswer {
  readonly kind: 'refusal';
  readonly code: string;
  readonly field: string;
}

export interface AccountAnswer {
  readonly kind: 'account';
  readonly created: boolean;
  readonly account: Readonly<Record<string, string>>;
}

export interface TransactionAnswer {
  readonly kind: 'transaction';
  readonly transaction: ModelTransaction;
}

export interface ReservationAnswer {
  readonly kind: 'reservation';
  /** As it was right after the command. */
  readonly state: Readonly<Record<string, string>>;
  readonly reservation: ModelReservation;
  /** Of the commit that the answer tells of. */
  readonly transaction: ModelTransaction | undefined;
}

export interface PotAnswer {
  readonly kind: 'pot';
  readonly state: Readonly<Record<string, string>>;
  /** Seat, account, amount and the balance that came of it. */
  readonly payouts: readonly (readonly string[])[];
  /** All that the command made: those of the payouts in their order, then that of the rake. */
  readonly transactions: readonly ModelTransaction[];
}

/** What the model says to one command. */
export type Answer = RefusedAnswer | AccountAnswer | TransactionAnswer | ReservationAnswer | PotAnswer;

export type ModelAnswer = Answer & { readonly replayed: boolean };

export type Body = NonNullable<balanceV1.Command['body']>;
export type BodyOf<Case extends Body['$case']> = Extract<Body, { $case: Case }>['value'];

export const AMOUNT_MAX = 9_007_199_254_740_991n;

/** A refusal as the model says it: the code and the member at fault. */
export function refused(code: string, field = ''): RefusedAnswer {
  return { kind: 'refusal', code, field };
}
