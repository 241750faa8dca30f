import type { balanceV1 } from '@steelyard/contracts/grpc';
import { AMOUNT_MAX, refused, type ModelAccount, type RefusedAnswer } from './model.types.js';

const NO_CEILING = ['SETTLEMENT', 'POT_WIN', 'CASH_OUT', 'REVERSAL', 'ADJUSTMENT'];
/** Type and counterpart of each kind of change. */
export const CHANGES: ReadonlyMap<string, readonly [type: string, counterpart: string]> = new Map([
  ['deposit', ['DEPOSIT', '@world']],
  ['withdrawal', ['WITHDRAW', '@world']],
  ['wager', ['WAGER', '@house']],
  ['settlement', ['SETTLEMENT', '@house']],
  ['adjustment', ['ADJUSTMENT', '@world']],
  ['system', ['ADJUSTMENT', '@world']],
]);

export const NO_DETAILS: balanceV1.Details = {
  reason: '',
  source: '',
  performedBy: '',
  agentId: '',
  metadataJson: '',
  effectiveAtMs: undefined,
};

/** Movement is for active accounts. */
export function refuseInactive({ status }: ModelAccount, field: string): RefusedAnswer | undefined {
  if (status === 'active') return undefined;
  return refused(status === 'frozen' ? 'ACCOUNT_FROZEN' : 'ACCOUNT_CLOSED', field);
}

/** What its owner is owed still reaches a frozen account. */
export function refuseClosed({ status }: ModelAccount, field: string): RefusedAnswer | undefined {
  return status === 'closed' ? refused('ACCOUNT_CLOSED', field) : undefined;
}

/** What may still be spent. */
export function availableOf({ balance, held, creditLimit, minimumHold }: ModelAccount): bigint {
  return creditLimit === null ? AMOUNT_MAX : balance + creditLimit - held - minimumHold;
}

/** The range of all balances, the floor of a debit, the ceiling of a credit. */
export function refuseMove(account: ModelAccount, amount: bigint, type: string): RefusedAnswer | undefined {
  const after = account.balance + amount;
  if (after > AMOUNT_MAX || after < -AMOUNT_MAX) return refused('AMOUNT_OUT_OF_RANGE', 'amount');
  const floor =
    account.creditLimit === null ? null : account.minimumHold + account.held - account.creditLimit;
  if (amount < 0n && floor !== null && after < floor) return refused('INSUFFICIENT_BALANCE', 'amount');
  const { maxBalance } = account;
  const isOver = amount >= 0n && maxBalance !== null && after > maxBalance && !NO_CEILING.includes(type);
  return isOver ? refused('LIMIT_EXCEEDED', 'amount') : undefined;
}

/** No limit may be exceeded from the outset. */
export function refuseLimits({
  balance,
  held,
  creditLimit,
  minimumHold,
  maxBalance,
}: ModelAccount): RefusedAnswer | undefined {
  if (creditLimit !== null && balance + creditLimit - held < minimumHold)
    return refused('LIMIT_BELOW_USAGE', 'limits');
  if (maxBalance !== null && balance > maxBalance) return refused('LIMIT_BELOW_USAGE', 'limits.maxBalance');
  return undefined;
}
