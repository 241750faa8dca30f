import type { Account } from '@steelyard/domain/accounts';
import { LRUCache } from 'lru-cache';
import { AccountCache, type KnownAccount } from '../../application/read-accounts/account-cache.port.js';

/** The accounts of a holder as they were read: milliseconds since 1970-01-01 UTC. */
export interface KnownHolder {
  readonly accountIds: readonly string[];
  readonly asOfMs: number;
}

/** Told what is new to the cache, and from time to time what is still so. */
export interface CacheListener {
  remembered(known: KnownAccount): void;
  holderRemembered(holderId: string, holder: KnownHolder): void;
}

interface Remembered extends KnownAccount {
  readonly toldAtMs: number;
}

export interface MemoryAccountCacheOptions {
  readonly accountsMax: number;
  /** What is older is not shown any more. */
  readonly ageMaxMs: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
}

const HOLDERS_MAX = 10_000;
/** Of accounts with large metadata fewer are kept: 64 MiB in all. */
const SIZE_MAX_BYTES = 64 * 1024 * 1024;
/** The listener hears of an account that is read and never changes so many times within the longest age. */
const TOLD_AGAIN_FRACTION = 4;
/** An account without its metadata, roughly. */
const ACCOUNT_BYTES = 512;

/** The accounts that this process has read or committed last, in its memory. */
export class MemoryAccountCache extends AccountCache {
  readonly #accounts: LRUCache<string, Remembered>;
  readonly #holders = new LRUCache<string, KnownHolder>({ max: HOLDERS_MAX });
  readonly #options: MemoryAccountCacheOptions;
  readonly #listener: CacheListener | undefined;

  constructor(options: MemoryAccountCacheOptions, listener?: CacheListener) {
    super();
    this.#options = options;
    this.#listener = listener;
    this.#accounts = new LRUCache({
      max: options.accountsMax,
      maxSize: SIZE_MAX_BYTES,
      sizeCalculation: ({ account }) => ACCOUNT_BYTES + account.metadataJson.length,
    });
  }

  remember(accounts: readonly Account[], asOfMs: number): void {
    for (const account of accounts) {
      const known = this.#accounts.peek(account.accountId);
      if (known && isNewer(known, account, asOfMs)) continue;
      const isNews = known?.account.version !== account.version || this.#isToldLongAgo(known);
      const latest = { account, asOfMs, toldAtMs: isNews ? asOfMs : known.toldAtMs };
      this.#accounts.set(account.accountId, latest);
      if (isNews) this.#listener?.remembered(latest);
      this.#addToHolder(account);
    }
  }

  rememberHolder(holderId: string, accounts: readonly Account[], asOfMs: number): void {
    this.remember(accounts, asOfMs);
    this.#setHolder(holderId, { accountIds: accounts.map(({ accountId }) => accountId), asOfMs });
  }

  recall(accountId: string): KnownAccount | undefined {
    return this.#accounts.get(accountId);
  }

  async find(accountIds: readonly string[]): Promise<readonly KnownAccount[]> {
    return accountIds.flatMap((accountId) => {
      const known = this.#accounts.get(accountId);
      return known && this.isShowable(known) ? [known] : [];
    });
  }

  async findByHolder(holderId: string): Promise<readonly KnownAccount[] | undefined> {
    const holder = this.holder(holderId);
    return holder && accountsOf(holderId, holder, await this.find(holder.accountIds));
  }

  /** What was last known of a holder. */
  holder(holderId: string): KnownHolder | undefined {
    const holder = this.#holders.get(holderId);
    return holder && this.isShowable(holder) ? holder : undefined;
  }

  /** False for what is too old. */
  isShowable({ asOfMs }: { readonly asOfMs: number }): boolean {
    return this.#options.now() - asOfMs <= this.#options.ageMaxMs;
  }

  #isToldLongAgo({ toldAtMs }: Remembered): boolean {
    return this.#options.now() - toldAtMs > this.#options.ageMaxMs / TOLD_AGAIN_FRACTION;
  }

  /** An account that was opened for a holder, or given to it, after the holder was read. */
  #addToHolder({ accountId, holderId }: Account): void {
    if (holderId === null) return;
    const holder = this.#holders.peek(holderId);
    if (!holder || holder.accountIds.includes(accountId)) return;
    this.#setHolder(holderId, { ...holder, accountIds: [...holder.accountIds, accountId] });
  }

  #setHolder(holderId: string, holder: KnownHolder): void {
    this.#holders.set(holderId, holder);
    this.#listener?.holderRemembered(holderId, holder);
  }
}

/** True when what is known is from later: answers of reads and commits come in any order. */
function isNewer(known: KnownAccount, account: Account, asOfMs: number): boolean {
  return (
    known.account.version > account.version ||
    (known.account.version === account.version && known.asOfMs >= asOfMs)
  );
}

/**
 * The holder's accounts by id, as of when the holder was read at the latest; undefined unless it has some and they are
 * all among those that are known.
 */
export function accountsOf(
  holderId: string,
  holder: KnownHolder,
  known: readonly KnownAccount[],
): readonly KnownAccount[] | undefined {
  if (known.length === 0 || known.length < holder.accountIds.length) return undefined;
  return known
    .filter(({ account }) => account.holderId === holderId)
    .map(({ account, asOfMs }) => ({ account, asOfMs: Math.min(asOfMs, holder.asOfMs) }))
    .sort((left, right) => (left.account.accountId < right.account.accountId ? -1 : 1));
}
