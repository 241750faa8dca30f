import { bucketOf, isSharedAccountId, type Account } from '@steelyard/domain/accounts';
import type { AccountRef } from '@steelyard/domain/posting';
import { OutageError } from '@steelyard/platform/outage';
import type { AccountCache, KnownAccount } from './account-cache.port.js';
import { OutageGate } from './outage-gate.js';
import type { RecentAccounts } from './recent-accounts.js';

/** Reads of committed accounts. */
export abstract class Accounts {
  /** Those that exist, in no particular order. Throws OutageError. */
  abstract find(refs: readonly AccountRef[]): Promise<readonly Account[]>;
  /** By account id. Throws OutageError. */
  abstract findByHolder(holderId: string): Promise<readonly Account[]>;
}

/** Accounts for somebody to look at. */
export interface AccountsView {
  readonly accounts: readonly KnownAccount[];
  /** The database is away: the accounts are as they were last known. */
  readonly isStale: boolean;
  /** Asked for, and nothing is known about them, not even whether they exist. Empty unless stale. */
  readonly unreadIds: readonly string[];
}

export interface ReadAccountsOptions {
  readonly buckets: number;
  readonly cache: AccountCache;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
  /** Answers from memory what is young enough; absent: every read asks the database. */
  readonly recent?: RecentAccounts | undefined;
}

/**
 * Reads accounts as they are committed, and remembers them for the time when the database is away. Accounts
 * that exist once per bucket (@world, @house, @fx) are shown as one sum.
 */
export class ReadAccountsHandler {
  readonly #accounts: Accounts;
  readonly #options: ReadAccountsOptions;
  readonly #gate: OutageGate;

  constructor(accounts: Accounts, options: ReadAccountsOptions) {
    this.#accounts = accounts;
    this.#options = options;
    this.#gate = new OutageGate(options.now);
  }

  /** The accounts that exist; unknown ids are left out. Throws OutageError: what it returns is never stale. */
  async byIds(accountIds: readonly string[]): Promise<readonly Account[]> {
    // Before the read: it shows the accounts as of then or later.
    const asOfMs = this.#options.now();
    const refs = [...new Set(accountIds)].flatMap((accountId) => this.#refsOf(accountId));
    const sums = new Map<string, Account>();
    for (const account of await this.#accounts.find(refs)) {
      const sum = sums.get(account.accountId);
      sums.set(account.accountId, sum ? added(sum, account) : account);
    }
    const accounts = [...sums.values()];
    this.#options.cache.remember(accounts, asOfMs);
    return accounts;
  }

  /** The same for showing: while the database is away as last known. Throws OutageError when none of them is known. */
  async viewByIds(accountIds: readonly string[]): Promise<AccountsView> {
    const asOfMs = this.#options.now();
    const asked = [...new Set(accountIds)];
    const { recent, others } = this.#options.recent?.find(asked) ?? { recent: [], others: asked };
    if (others.length === 0) return { accounts: recent, isStale: false, unreadIds: [] };
    try {
      const read = fresh(await this.#gate.pass(() => this.byIds(others)), asOfMs);
      return { ...read, accounts: [...recent, ...read.accounts] };
    } catch (error) {
      if (!(error instanceof OutageError)) throw error;
      const accounts = await this.#options.cache.find(asked);
      if (accounts.length === 0) throw error;
      const known = new Set(accounts.map(({ account }) => account.accountId));
      return { accounts, isStale: true, unreadIds: asked.filter((accountId) => !known.has(accountId)) };
    }
  }

  /** All accounts of one holder, by account id. Throws OutageError: what it returns is never stale. */
  async byHolder(holderId: string): Promise<readonly Account[]> {
    const asOfMs = this.#options.now();
    const accounts = await this.#accounts.findByHolder(holderId);
    this.#options.cache.rememberHolder(holderId, accounts, asOfMs);
    return accounts;
  }

  /** The same for showing. Throws OutageError when the database is away and not all of them are known. */
  async viewByHolder(holderId: string): Promise<AccountsView> {
    const asOfMs = this.#options.now();
    try {
      return fresh(await this.#gate.pass(() => this.byHolder(holderId)), asOfMs);
    } catch (error) {
      if (!(error instanceof OutageError)) throw error;
      const accounts = await this.#options.cache.findByHolder(holderId);
      if (!accounts) throw error;
      return { accounts, isStale: true, unreadIds: [] };
    }
  }

  #refsOf(accountId: string): AccountRef[] {
    const { buckets } = this.#options;
    if (!isSharedAccountId(accountId)) return [{ bucket: bucketOf(accountId, buckets), accountId }];
    return Array.from({ length: buckets }, (_, bucket) => ({ bucket, accountId }));
  }
}

function fresh(accounts: readonly Account[], asOfMs: number): AccountsView {
  return { accounts: accounts.map((account) => ({ account, asOfMs })), isStale: false, unreadIds: [] };
}

/** Two buckets' parts of a shared account as one. They have chains of their own, so there is no common checksum. */
function added(sum: Account, part: Account): Account {
  return {
    ...sum,
    balance: sum.balance + part.balance,
    held: sum.held + part.held,
    version: sum.version + part.version,
    sequence: sum.sequence + part.sequence,
    checksum: '',
    createdAtMs: Math.min(sum.createdAtMs, part.createdAtMs),
    updatedAtMs: Math.max(sum.updatedAtMs, part.updatedAtMs),
  };
}
