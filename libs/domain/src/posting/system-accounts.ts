import { openedAccount, type Account } from '../accounts/index.js';
import type { AccountRef } from './books.js';
import type { Situation } from './decision-context.js';
import type { Movement } from './plan.js';

export interface SystemAccount {
  readonly account: Account;
  /** The account when it has to be opened, else nothing. */
  readonly opened: readonly Account[];
}

/** A system account; they come into being on first use. */
export function systemAccount(
  ref: AccountRef,
  currency: string,
  { books, context }: Situation,
): SystemAccount {
  const existing = books.account(ref);
  if (existing) return { account: existing, opened: [] };
  const account = openedAccount({ ...ref, currency }, context.nowMs);
  return { account, opened: [account] };
}

/** `amount` minor units (signed) to the first account, from the second. */
export function movementsFrom(first: AccountRef, second: AccountRef, amount: bigint): Movement[] {
  return [
    { bucket: first.bucket, accountId: first.accountId, amount },
    { bucket: second.bucket, accountId: second.accountId, amount: -amount },
  ];
}
