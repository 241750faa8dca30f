import { bucketOf, isSystemAccountId, type Account } from '@steelyard/domain/accounts';
import type { AccountRef } from '@steelyard/domain/posting';

/** Reads of committed accounts. */
export abstract class Accounts {
  /** Those that exist, in no particular order. */
  abstract find(refs: readonly AccountRef[]): Promise<readonly Account[]>;
  abstract findByHolder(holderId: string): Promise<readonly Account[]>;
}

/** Reads accounts as they are committed. System accounts, which exist once per bucket, are shown as one sum. */
export class ReadAccountsHandler {
  readonly #accounts: Accounts;
  readonly #buckets: number;

  constructor(accounts: Accounts, buckets: number) {
    this.#accounts = accounts;
    this.#buckets = buckets;
  }

  /** The accounts that exist; unknown ids are left out. */
  async byIds(accountIds: readonly string[]): Promise<readonly Account[]> {
    const refs = [...new Set(accountIds)].flatMap((accountId) => this.#refsOf(accountId));
    const sums = new Map<string, Account>();
    for (const account of await this.#accounts.find(refs)) {
      const sum = sums.get(account.accountId);
      sums.set(account.accountId, sum ? added(sum, account) : account);
    }
    return [...sums.values()];
  }

  /** All accounts of one holder, by account id. */
  byHolder(holderId: string): Promise<readonly Account[]> {
    return this.#accounts.findByHolder(holderId);
  }

  #refsOf(accountId: string): AccountRef[] {
    if (!isSystemAccountId(accountId)) return [{ bucket: bucketOf(accountId, this.#buckets), accountId }];
    return Array.from({ length: this.#buckets }, (_, bucket) => ({ bucket, accountId }));
  }
}

/** Two buckets' parts of a system account as one. They have chains of their own, so there is no common checksum. */
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
