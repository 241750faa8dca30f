import { bucketOf, isSharedAccountId } from '@steelyard/domain/accounts';
import { refuseRead, type ReadRefusal } from '../read-refusal.js';

/** Ids of clients and of the platform itself: `@pot/<table>/<hand>/<currency>` is the longest form. */
const READABLE_ID = /^@?[A-Za-z0-9._:+-][A-Za-z0-9._:@+/-]{0,399}$/;

/** Checks the id of an account to be read; unlike a client's own, it may be a system account's. */
export function checkAccountId(accountId: string): ReadRefusal | undefined {
  if (READABLE_ID.test(accountId)) return undefined;
  return refuseRead('INVALID_ACCOUNT_ID', 'accountId is not the id of an account', 'accountId');
}

/** The buckets that may hold a chain of this account: one, or all for an account that everyone pays into. */
export function bucketsOf(accountId: string, buckets: number): readonly number[] {
  if (!isSharedAccountId(accountId)) return [bucketOf(accountId, buckets)];
  return Array.from({ length: buckets }, (_, bucket) => bucket);
}

/** The refusal for an account that no bucket knows. */
export function unknownAccount(accountId: string): ReadRefusal {
  return refuseRead('ACCOUNT_NOT_FOUND', `There is no account ${accountId}`, 'accountId');
}
