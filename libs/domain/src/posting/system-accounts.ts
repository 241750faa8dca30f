import { openedAccount, type Account } from '../accounts/index.js';
import type { AccountRef, Books } from './books.js';
import type { DecisionContext } from './decision-context.js';
import type { Movement } from './plan.js';

/** The system account to open, or undefined when it is there. They come into being on first use. */
export function systemAccountUnlessThere(
  ref: AccountRef,
  currency: string,
  books: Books,
  context: DecisionContext,
): Account | undefined {
  if (books.account(ref)) return undefined;
  return openedAccount({ ...ref, currency }, context.nowMs);
}

/** `amount` minor units (signed) to the first account, from the second. */
export function movementsFrom(first: AccountRef, second: AccountRef, amount: bigint): Movement[] {
  return [
    { bucket: first.bucket, accountId: first.accountId, amount },
    { bucket: second.bucket, accountId: second.accountId, amount: -amount },
  ];
}
