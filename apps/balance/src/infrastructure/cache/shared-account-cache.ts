import type { Account } from '@steelyard/domain/accounts';
import { AccountCache, type KnownAccount } from '../../application/read-accounts/account-cache.port.js';
import { accountsOf, type KnownHolder, type MemoryAccountCache } from './memory-account-cache.js';
import type { RedisAccountStore } from './redis-account-store.js';

/**
 * The memory of this process and, where it says nothing or less, what all processes share in Redis: so a process
 * that has just started can answer, and one that has not seen another's commits shows them. While Redis is away it
 * is the memory alone.
 */
export class SharedAccountCache extends AccountCache {
  readonly #memory: MemoryAccountCache;
  readonly #store: RedisAccountStore;

  /** @param memory tells the store what it remembers. */
  constructor(memory: MemoryAccountCache, store: RedisAccountStore) {
    super();
    this.#memory = memory;
    this.#store = store;
  }

  remember(accounts: readonly Account[], asOfMs: number): void {
    this.#memory.remember(accounts, asOfMs);
  }

  rememberHolder(holderId: string, accounts: readonly Account[], asOfMs: number): void {
    this.#memory.rememberHolder(holderId, accounts, asOfMs);
  }

  recall(accountId: string): KnownAccount | undefined {
    return this.#memory.recall(accountId);
  }

  async find(accountIds: readonly string[]): Promise<readonly KnownAccount[]> {
    const [own, shared] = await Promise.all([this.#memory.find(accountIds), this.#store.find(accountIds)]);
    const latest = new Map(own.map((known) => [known.account.accountId, known]));
    for (const known of shared) {
      const mine = latest.get(known.account.accountId);
      const isLater = !mine || known.account.version > mine.account.version;
      if (isLater && this.#memory.isShowable(known)) latest.set(known.account.accountId, known);
    }
    return [...latest.values()];
  }

  async findByHolder(holderId: string): Promise<readonly KnownAccount[] | undefined> {
    const holder = latestOf(this.#memory.holder(holderId), await this.#store.findHolder(holderId));
    if (!holder || !this.#memory.isShowable(holder)) return undefined;
    return accountsOf(holderId, holder, await this.find(holder.accountIds));
  }
}

function latestOf(own: KnownHolder | undefined, shared: KnownHolder | undefined): KnownHolder | undefined {
  if (!own || !shared) return own ?? shared;
  return shared.asOfMs > own.asOfMs ? shared : own;
}
