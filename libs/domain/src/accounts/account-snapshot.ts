import type { JsonObject } from '../ledger-chain/index.js';
import { invariant } from '../result/index.js';
import type { Account, AccountStatus } from './account.js';

/** An account as JSON, for facts and frozen answers. Amounts are texts of digits: exact for every reader. */
export function accountToJson(account: Account): JsonObject {
  const members: Record<string, JsonObject[string]> = {};
  for (const [name, value] of Object.entries(account) as [string, Account[keyof Account]][]) {
    members[name] = typeof value === 'bigint' ? value.toString() : value;
  }
  return members;
}

/** The account that {@link accountToJson} wrote. Anything else is a bug or a damaged row. */
export function accountFromJson(json: JsonObject): Account {
  return {
    bucket: integer(json, 'bucket'),
    accountId: text(json, 'accountId'),
    currency: text(json, 'currency'),
    balance: BigInt(text(json, 'balance')),
    held: BigInt(text(json, 'held')),
    version: BigInt(text(json, 'version')),
    sequence: BigInt(text(json, 'sequence')),
    checksum: text(json, 'checksum'),
    status: text(json, 'status') as AccountStatus,
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
