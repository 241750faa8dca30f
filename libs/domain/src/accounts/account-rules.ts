import { isInRange } from '../money/index.js';
import { refuse, type Refusal } from '../result/index.js';
import { availableBalance, type Account } from './account.js';

/** Refuses movement on an account that is frozen or closed. */
export function refuseUnlessActive(account: Account, field: string): Refusal | undefined {
  switch (account.status) {
    case 'active':
      return undefined;
    case 'frozen':
      return refuse('ACCOUNT_FROZEN', `account ${account.accountId} is frozen; unfreeze it first`, field);
    case 'closed':
      return refuse('ACCOUNT_CLOSED', `account ${account.accountId} is closed for good`, field);
  }
}

/** Refuses movement on an account that is closed: what is its owner's own still reaches a frozen one. */
export function refuseClosed(account: Account, field: string): Refusal | undefined {
  return account.status === 'closed' ? refuseUnlessActive(account, field) : undefined;
}

/**
 * Refuses a movement of `amount` minor units (signed) that would break the account's bounds: the floor for a
 * debit (INSUFFICIENT_BALANCE), the ceiling for a credit (LIMIT_EXCEEDED, unless `ignoresCeiling`), and the range
 * of all balances (AMOUNT_OUT_OF_RANGE).
 */
export function refuseOutOfBounds(
  account: Account,
  amount: bigint,
  ignoresCeiling: boolean,
): Refusal | undefined {
  const balance = account.balance + amount;
  if (!isInRange(balance)) {
    return refuse(
      'AMOUNT_OUT_OF_RANGE',
      `the balance of ${account.accountId} would leave the range`,
      'amount',
    );
  }
  if (amount < 0n) {
    if (account.creditLimit === null) return undefined;
    const available = availableBalance(account);
    if (available + amount >= 0n) return undefined;
    const message = `account ${account.accountId} has ${available} available, ${-amount} is needed`;
    return refuse('INSUFFICIENT_BALANCE', message, 'amount');
  }
  if (ignoresCeiling || account.maxBalance === null || balance <= account.maxBalance) return undefined;
  const message = `the balance of ${account.accountId} would be ${balance}, its maximum is ${account.maxBalance}`;
  return refuse('LIMIT_EXCEEDED', message, 'amount');
}
