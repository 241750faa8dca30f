import type { JsonObject } from '../ledger-chain/index.js';
import { invariant } from '../result/index.js';
import { ACCOUNT_STATUSES, type Account, type AccountStatus } from './account.js';

/** An account as JSON, for facts and frozen answers. Amounts are texts of digits: exact for every reader. */
export function accountToJson(account: Account): JsonObject {
  return {
    ...account,
    balance: account.balance.toString(),
    held: account.held.toString(),
    version: account.version.toString(),
    sequence: account.sequence.toString(),
    creditLimit: account.creditLimit?.toString() ?? null,
    minimumHold: account.minimumHold.toString(),
    maxBalance: account.maxBalance?.toString() ?? null,
    warningThreshold: account.warningThreshold?.toString() ?? null,
    criticalThreshold: account.criticalThreshold?.toString() ?? null,
  };
}

/** The account that {@link accountToJson} wrote. Anything else is a bug or a damaged row. */
export function accountFromJson(json: JsonObject): Account {
  return {
    bucket: integer(json, 'bucket'),
    accountId: text(json, 'accountId'),
    currency: text(json, 'currency'),
    balance: BigInt(text(json, 'balance')),
    held: BigInt(text(json, 'held')),
    nextExpiryAtMs: nextExpiryOf(json),
    version: BigInt(text(json, 'version')),
    sequence: BigInt(text(json, 'sequence')),
    checksum: text(json, 'checksum'),
    status: statusOf(json),
    creditLimit: amountOrNull(json, 'creditLimit'),
    minimumHold: BigInt(text(json, 'minimumHold')),
    maxBalance: amountOrNull(json, 'maxBalance'),
    warningThreshold: amountOrNull(json, 'warningThreshold'),
    criticalThreshold: amountOrNull(json, 'criticalThreshold'),
    tier: textOrNull(json, 'tier'),
    holderId: textOrNull(json, 'holderId'),
    agentId: textOrNull(json, 'agentId'),
    metadataJson: text(json, 'metadataJson'),
    createdAtMs: integer(json, 'createdAtMs'),
    updatedAtMs: integer(json, 'updatedAtMs'),
  };
}

function statusOf(json: JsonObject): AccountStatus {
  const status = ACCOUNT_STATUSES.find((known) => known === json['status']);
  invariant(status, 'account snapshot: status is unknown');
  return status;
}

/** Absent in snapshots from before there were reservations. */
function nextExpiryOf(json: JsonObject): number | null {
  const value = json['nextExpiryAtMs'] ?? null;
  return value === null ? null : integer(json, 'nextExpiryAtMs');
}

function text(json: JsonObject, name: string): string {
  const value = json[name];
  invariant(typeof value === 'string', `account snapshot: ${name} is not a text`);
  return value;
}

function integer(json: JsonObject, name: string): number {
  const value = json[name];
  invariant(typeof value === 'number', `account snapshot: ${name} is not a number`);
  return value;
}

function textOrNull(json: JsonObject, name: string): string | null {
  return json[name] === null ? null : text(json, name);
}

function amountOrNull(json: JsonObject, name: string): bigint | null {
  return json[name] === null ? null : BigInt(text(json, name));
}
