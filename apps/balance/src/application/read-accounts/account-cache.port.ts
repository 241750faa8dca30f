import type { Account } from '@steelyard/domain/accounts';

/** An account, and when it was read or committed so: milliseconds since 1970-01-01 UTC. */
export interface KnownAccount {
  readonly account: Account;
  readonly asOfMs: number;
}

/**
 * What is remembered of committed accounts, to be shown while the database is away. Never the ground of a decision
 * about money. System accounts are remembered as they are shown: as one sum over their buckets.
 */
export abstract class AccountCache {
  /** Takes no time worth waiting for and never fails: money paths call it. What is older than known is passed over. */
  abstract remember(accounts: readonly Account[], asOfMs: number): void;
  /** All accounts that the holder has. */
  abstract rememberHolder(holderId: string, accounts: readonly Account[], asOfMs: number): void;
  /** What this process itself remembers, whatever its age. */
  abstract recall(accountId: string): KnownAccount | undefined;
  /** Those that are remembered, in no particular order. Never rejects. */
  abstract find(accountIds: readonly string[]): Promise<readonly KnownAccount[]>;
  /** All accounts of the holder; undefined unless they are all remembered. Never rejects. */
  abstract findByHolder(holderId: string): Promise<readonly KnownAccount[] | undefined>;
}
