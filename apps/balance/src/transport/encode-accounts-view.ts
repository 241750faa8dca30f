import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { AccountsView } from '../application/read-accounts/read-accounts.handler.js';
import { encodeAccount } from './encode-outcome.js';

/** Accounts for the wire, with what a caller needs to know when they are not fresh. */
export function encodeAccountsView(
  { accounts, isStale: stale, unreadIds }: AccountsView,
  nowMs: number,
): balanceV1.GetAccountsResponse {
  const times = accounts.map(({ asOfMs }) => asOfMs);
  // A fresh view without accounts says that there are none now.
  const asOfMs = times.reduce((earliest, time) => Math.min(earliest, time), nowMs);
  return {
    accounts: accounts.map(({ account }) => encodeAccount(account)),
    asOfMs: BigInt(asOfMs),
    stale,
    ageMs: stale ? BigInt(nowMs - asOfMs) : 0n,
    unreadAccountIds: [...unreadIds],
    accountsAsOfMs: stale ? times.map((time) => BigInt(time)) : [],
  };
}
