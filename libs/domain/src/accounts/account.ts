import { AMOUNT_MAX } from '../money/index.js';

export const ACCOUNT_STATUSES = ['active', 'frozen', 'closed'] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

/** One balance in one currency. Amounts are minor units. A value: every change makes a new one. */
export interface Account {
  readonly bucket: number;
  readonly accountId: string;
  readonly currency: string;
  readonly balance: bigint;
  /** Part of the balance that open reservations hold. */
  readonly held: bigint;
  /** No open reservation ends before this: milliseconds since 1970-01-01 UTC, null when nothing is held. */
  readonly nextExpiryAtMs: number | null;
  /** Grows by one with every change. */
  readonly version: bigint;
  /** Sequence of the last entry, 0 before the first. */
  readonly sequence: bigint;
  /** Checksum of the last entry, GENESIS before the first. */
  readonly checksum: string;
  readonly status: AccountStatus;
  /** How far below zero the balance may go; null: without a floor. */
  readonly creditLimit: bigint | null;
  /** Funds that may never be spent. */
  readonly minimumHold: bigint;
  /** null: without a ceiling. */
  readonly maxBalance: bigint | null;
  readonly warningThreshold: bigint | null;
  readonly criticalThreshold: bigint | null;
  readonly tier: string | null;
  readonly holderId: string | null;
  readonly agentId: string | null;
  /** Canonical JSON of an object. */
  readonly metadataJson: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/**
 * What may still be spent: balance + credit limit - held - minimum hold, in minor units. The largest amount of
 * the platform when the account has no floor.
 */
export function availableBalance(account: Account): bigint {
  if (account.creditLimit === null) return AMOUNT_MAX;
  return account.balance + account.creditLimit - account.held - account.minimumHold;
}
