import { openedAccount, potAccountId, tableAccountId, type Account } from '../accounts/index.js';
import { canonicalJson, isJsonObject } from '../ledger-chain/index.js';
import { invariant } from '../result/index.js';
import type { PotKey } from './pot.js';

export const ESCROW_POLICIES = ['strict', 'observe'] as const;

/**
 * What happens to a movement that the chips on the table do not cover: `strict` refuses it, `observe` lets it
 * through, so that the escrow goes below zero, and marks it.
 */
export type EscrowPolicy = (typeof ESCROW_POLICIES)[number];

/** Where the accounts of a table are. */
export interface TablePlace {
  readonly bucket: number;
  readonly tableId: string;
  readonly currency: string;
}

/** A table's account, empty. Its floor is its policy: the database enforces it like any other floor. */
export function openedTable(
  { bucket, tableId, currency }: TablePlace,
  policy: EscrowPolicy,
  nowMs: number,
): Account {
  const accountId = tableAccountId(tableId, currency);
  return openedAccount({ bucket, accountId, currency, creditLimit: floorOf(policy) }, nowMs);
}

/** A pot's account, empty. It never goes below zero. */
export function openedPotAccount(pot: PotKey & TablePlace, nowMs: number): Account {
  const { bucket, currency } = pot;
  const accountId = potAccountId(pot, currency);
  return openedAccount({ bucket, accountId, currency, creditLimit: 0n }, nowMs);
}

/** The policy of a table, by its account. */
export function escrowPolicyOf(table: Account): EscrowPolicy {
  return table.creditLimit === null ? 'observe' : 'strict';
}

/** The table's account under a policy. */
export function withEscrowPolicy(table: Account, policy: EscrowPolicy): Account {
  return { ...table, creditLimit: floorOf(policy) };
}

/**
 * Chips that were let through although the escrow did not cover them, in minor units: the deepest that the table has
 * ever been below zero. Later buy-ins fill the hole for a while, but they do not unmake the chips.
 */
export function inflationOf(table: Account): bigint {
  const members: unknown = JSON.parse(table.metadataJson);
  invariant(isJsonObject(members), 'account metadata are an object');
  const { inflation } = members;
  return typeof inflation === 'string' ? BigInt(inflation) : 0n;
}

/** The metadata of a table's account that remember its inflation. */
export function tableMetadataJson(inflation: bigint): string {
  return canonicalJson({ inflation: inflation.toString() });
}

function floorOf(policy: EscrowPolicy): bigint | null {
  return policy === 'strict' ? 0n : null;
}
