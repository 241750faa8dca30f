import { openedAccount, type Account } from '../accounts/index.js';
import type { ReservationTarget } from '../reservations/index.js';
import { openedPotAccount, openedTable, type PotKey } from '../tables/index.js';
import type { AccountRef } from './books.js';
import type { Situation } from './decision-context.js';
import type { Movement } from './plan.js';

export interface SystemAccount {
  readonly account: Account;
  /** The account when it has to be opened, else nothing. */
  readonly opened: readonly Account[];
}

/** A system account; they come into being on first use. */
export function systemAccount(ref: AccountRef, currency: string, situation: Situation): SystemAccount {
  return existingOr(ref, situation, () => openedAccount({ ...ref, currency }, situation.context.nowMs));
}

/** A table's account; its first use gives it the deployment's policy. */
export function tableAccount(
  ref: AccountRef,
  { tableId, currency }: { tableId: string; currency: string },
  situation: Situation,
): SystemAccount {
  const { settings, nowMs } = situation.context;
  const place = { bucket: ref.bucket, tableId, currency };
  return existingOr(ref, situation, () => openedTable(place, settings.escrowPolicy, nowMs));
}

/** A pot's account. */
export function potAccount(
  ref: AccountRef,
  pot: PotKey & { readonly currency: string },
  situation: Situation,
): SystemAccount {
  const { tableId, handId, currency } = pot;
  const place = { bucket: ref.bucket, tableId, handId, currency };
  return existingOr(ref, situation, () => openedPotAccount(place, situation.context.nowMs));
}

/** The platform's account that a commit moves funds to. */
export function targetAccount(
  ref: AccountRef,
  { currency, target }: { currency: string; target: ReservationTarget },
  situation: Situation,
): SystemAccount {
  if (target.kind !== 'table') return systemAccount(ref, currency, situation);
  return tableAccount(ref, { tableId: target.tableId, currency }, situation);
}

function existingOr(ref: AccountRef, { books }: Situation, open: () => Account): SystemAccount {
  const existing = books.account(ref);
  if (existing) return { account: existing, opened: [] };
  const account = open();
  return { account, opened: [account] };
}

/** `amount` minor units (signed) to the first account, from the second. */
export function movementsFrom(first: AccountRef, second: AccountRef, amount: bigint): [Movement, Movement] {
  return [
    { bucket: first.bucket, accountId: first.accountId, amount },
    { bucket: second.bucket, accountId: second.accountId, amount: -amount },
  ];
}
