import { isSharedAccountId } from '@steelyard/domain/accounts';
import type { AccountCache, KnownAccount } from './account-cache.port.js';
import type { HeadWatch } from './head-watch.js';

/** Counts reads that were answered from memory, and those that had to ask PostgreSQL. */
export interface ReadCounter {
  counted(reads: { readonly hits: number; readonly misses: number }): void;
}

export interface RecentAccountsOptions {
  /** What was read or committed longer ago is read again. */
  readonly timeToLiveMs: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
  readonly counter: ReadCounter;
}

/** Accounts from memory and the ids of those that must be read. */
export interface RecentReads {
  readonly recent: readonly KnownAccount[];
  readonly others: readonly string[];
}

/**
 * Answers reads of accounts from this process's memory while what is remembered is young and nobody else is known to
 * have written since. What this process commits is in its memory before anybody is answered, so whoever reads where
 * it wrote sees what it wrote. Never the ground of a decision about money.
 */
export class RecentAccounts {
  constructor(
    private readonly cache: Pick<AccountCache, 'recall'>,
    private readonly watch: HeadWatch,
    private readonly options: RecentAccountsOptions,
  ) {}

  /** Splits ids, each given once, into what memory answers and what it does not. */
  find(accountIds: readonly string[]): RecentReads {
    const recent: KnownAccount[] = [];
    const others: string[] = [];
    for (const accountId of accountIds) {
      const known = this.cache.recall(accountId);
      if (known && this.isRecent(known)) recent.push(known);
      else others.push(accountId);
    }
    this.options.counter.counted({ hits: recent.length, misses: others.length });
    return { recent, others };
  }

  private isRecent({ account, asOfMs }: KnownAccount): boolean {
    const nowMs = this.options.now();
    const ageMs = nowMs - asOfMs;
    // A clock that was set back must not make it live longer.
    if (ageMs < 0 || ageMs > this.options.timeToLiveMs) return false;
    // Of a shared account every write knows one part; a hold that is over is for PostgreSQL to leave out.
    const isHeldByNow = account.nextExpiryAtMs === null || account.nextExpiryAtMs > nowMs;
    return (
      isHeldByNow && !isSharedAccountId(account.accountId) && this.watch.isCurrent(account.bucket, asOfMs)
    );
  }
}
