import type { balanceV1 } from '@steelyard/contracts/grpc';

/** The model's own idea of an account; nothing of it comes from the code under test. */
export interface ModelAccount {
  readonly accountId: string;
  readonly bucket: number;
  readonly currency: string;
  balance: bigint;
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

export type ModelAnswer = (RefusedAnswer | AccountAnswer | TransactionAnswer) & {
  readonly replayed: boolean;
};

export type Body = NonNullable<balanceV1.Command['body']>;
export type BodyOf<Case extends Body['$case']> = Extract<Body, { $case: Case }>['value'];

export const AMOUNT_MAX = 9_007_199_254_740_991n;

/** A refusal as the model says it: the code and the member at fault. */
export function refused(code: string, field = ''): RefusedAnswer {
  return { kind: 'refusal', code, field };
}
