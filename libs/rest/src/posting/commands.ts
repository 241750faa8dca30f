import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { Attribution } from './attribution.js';

/** What every movement of money may carry beside its amount. */
export interface Particulars {
  readonly reason?: string | undefined;
  readonly source?: string | undefined;
  /** JSON text of an object. */
  readonly metadata?: string | undefined;
  /** Business time, milliseconds since 1970-01-01 UTC. */
  readonly effectiveAt?: bigint | undefined;
}

export interface SingleAccountMove extends Particulars {
  readonly accountId: string;
  readonly amount: bigint;
  readonly currency?: string | undefined;
}

export interface TransferMove extends Particulars {
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
  readonly type?: string | undefined;
  readonly rate?: string | undefined;
}

/** A signed change; `changeType` is the business reason for it. */
export interface ChangeMove extends Particulars {
  readonly accountId: string;
  readonly amount: bigint;
  readonly changeType: string;
}

export interface ReversalMove {
  readonly transactionId: string;
  readonly amount?: bigint | undefined;
  readonly reason: string;
}

/** The command that stands alone under a key. */
export function command(
  idempotencyKey: string,
  body: NonNullable<balanceV1.Command['body']>,
): balanceV1.Command {
  return { idempotencyKey, atomicGroup: 0, dryRun: false, body };
}

export function depositBody(
  move: SingleAccountMove,
  by: Attribution,
): NonNullable<balanceV1.Command['body']> {
  return { $case: 'deposit', value: singleAccount(move, by) };
}

export function withdrawBody(
  move: SingleAccountMove,
  by: Attribution,
): NonNullable<balanceV1.Command['body']> {
  return { $case: 'withdraw', value: singleAccount(move, by) };
}

export function changeBody(move: ChangeMove, by: Attribution): NonNullable<balanceV1.Command['body']> {
  const { accountId, amount, changeType } = move;
  return { $case: 'change', value: { accountId, amount, changeType, details: details(move, by) } };
}

export function transferBody(move: TransferMove, by: Attribution): NonNullable<balanceV1.Command['body']> {
  return {
    $case: 'transfer',
    value: {
      fromAccountId: move.from,
      toAccountId: move.to,
      amount: move.amount,
      type: move.type ?? '',
      rate: move.rate ?? '',
      details: details(move, by),
    },
  };
}

export function reverseBody(move: ReversalMove, by: Attribution): NonNullable<balanceV1.Command['body']> {
  const { transactionId, amount } = move;
  return { $case: 'reverse', value: { transactionId, amount, details: details(move, by) } };
}

/** Why and by whom, as the entries' metadata will say it. */
export function details(particulars: Particulars, by: Attribution): balanceV1.Details {
  return {
    reason: particulars.reason ?? '',
    source: particulars.source ?? '',
    performedBy: by.performedBy,
    agentId: by.agentId,
    metadataJson: particulars.metadata ?? '',
    effectiveAtMs: particulars.effectiveAt,
  };
}

function singleAccount(move: SingleAccountMove, by: Attribution): balanceV1.Deposit & balanceV1.Withdraw {
  return {
    accountId: move.accountId,
    amount: move.amount,
    currency: move.currency ?? '',
    details: details(move, by),
  };
}
