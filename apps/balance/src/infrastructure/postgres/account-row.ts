import type { Account, AccountStatus } from '@steelyard/domain/accounts';
import { GENESIS } from '@steelyard/domain/ledger-chain';
import type { ChangedAccount } from '@steelyard/domain/posting';
import { invariant } from '@steelyard/domain/result';

/** A row of balance.accounts as the driver gives it, its checksum in hex. */
export interface AccountRow {
  bucket: number;
  account_id: string;
  currency: string;
  balance: bigint;
  held: bigint;
  next_expiry_at_ms: bigint | null;
  version: bigint;
  sequence: bigint;
  checksum: string;
  status: number;
  credit_limit: bigint | null;
  minimum_hold: bigint;
  max_balance: bigint | null;
  warning_threshold: bigint | null;
  critical_threshold: bigint | null;
  tier: string | null;
  holder_id: string | null;
  agent_id: string | null;
  metadata: string;
  created_at_ms: bigint;
  updated_at_ms: bigint;
}

const STATUS_NUMBERS: Readonly<Record<AccountStatus, number>> = { active: 1, frozen: 2, closed: 3 };
const STATUSES: Readonly<Record<number, AccountStatus>> = { 1: 'active', 2: 'frozen', 3: 'closed' };

/** Milliseconds come as bigint from the driver; they are far below 2^53. */
export function toMs(value: bigint): number {
  return Number(value);
}

export function accountOfRow(row: AccountRow): Account {
  const status = STATUSES[row.status];
  invariant(status, `account row: unknown status ${row.status}`);
  return {
    bucket: row.bucket,
    accountId: row.account_id,
    currency: row.currency,
    balance: row.balance,
    held: row.held,
    nextExpiryAtMs: row.next_expiry_at_ms === null ? null : toMs(row.next_expiry_at_ms),
    version: row.version,
    sequence: row.sequence,
    checksum: row.checksum === '' ? GENESIS : row.checksum,
    status,
    creditLimit: row.credit_limit,
    minimumHold: row.minimum_hold,
    maxBalance: row.max_balance,
    warningThreshold: row.warning_threshold,
    criticalThreshold: row.critical_threshold,
    tier: row.tier,
    holderId: row.holder_id,
    agentId: row.agent_id,
    metadataJson: row.metadata,
    createdAtMs: toMs(row.created_at_ms),
    updatedAtMs: toMs(row.updated_at_ms),
  };
}

/** Hex of a checksum as it is stored: nothing before the first entry. */
export function checksumHex(account: Account): string {
  return account.checksum === GENESIS ? '' : account.checksum;
}

/** Whole rows as JSON for jsonb_populate_recordset; amounts as texts of digits, which it reads exactly. */
export function accountRowsJson(accounts: readonly Account[]): string {
  return JSON.stringify(accounts.map(rowMembers));
}

/** The same, each with the version that the stored row must have. */
export function changedRowsJson(changed: readonly ChangedAccount[]): string {
  return JSON.stringify(
    changed.map(({ account, expectedVersion }) => ({
      ...rowMembers(account),
      expected_version: expectedVersion.toString(),
    })),
  );
}

function rowMembers(account: Account) {
  return {
    bucket: account.bucket,
    account_id: account.accountId,
    currency: account.currency,
    balance: account.balance.toString(),
    held: account.held.toString(),
    next_expiry_at_ms: account.nextExpiryAtMs,
    version: account.version.toString(),
    sequence: account.sequence.toString(),
    checksum: `\\x${checksumHex(account)}`,
    status: STATUS_NUMBERS[account.status],
    credit_limit: account.creditLimit?.toString() ?? null,
    minimum_hold: account.minimumHold.toString(),
    max_balance: account.maxBalance?.toString() ?? null,
    warning_threshold: account.warningThreshold?.toString() ?? null,
    critical_threshold: account.criticalThreshold?.toString() ?? null,
    tier: account.tier,
    holder_id: account.holderId,
    agent_id: account.agentId,
    metadata: account.metadataJson,
    created_at_ms: account.createdAtMs,
    updated_at_ms: account.updatedAtMs,
  };
}
