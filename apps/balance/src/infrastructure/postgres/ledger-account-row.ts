import type { Account } from '@steelyard/domain/accounts';
import type { AccountRef } from '@steelyard/domain/posting';
import { accountOfRow, type AccountRow } from './account-row.js';

/** An account's row beside its last entry: zeros and an empty checksum when there is none. */
export interface LedgerAccountRow extends AccountRow {
  last_sequence: bigint;
  last_balance: bigint;
  last_checksum: string;
}

/**
 * The row and the chain do not end alike: entries were removed, or the row was replaced. Nothing may be added to the
 * chain before somebody has looked at it. Only the commands on this account fail.
 */
export class BrokenAccountError extends Error {
  override readonly name = 'BrokenAccountError';

  constructor({ bucket, account_id: accountId }: LedgerAccountRow) {
    super(`account ${accountId} of bucket ${bucket} does not end where its entries end: reconcile it first`);
  }
}

/**
 * The account as its entries say, whatever the row does: an entry that was decided on a balance which somebody
 * changed by hand would carry the change into the chain for ever. Throws {@link BrokenAccountError}.
 */
export function accountOfLedger(row: LedgerAccountRow, onDrift: (account: AccountRef) => void): Account {
  if (row.checksum !== row.last_checksum) throw new BrokenAccountError(row);
  if (row.balance === row.last_balance && row.sequence === row.last_sequence) return accountOfRow(row);
  onDrift({ bucket: row.bucket, accountId: row.account_id });
  return accountOfRow({ ...row, balance: row.last_balance, sequence: row.last_sequence });
}
