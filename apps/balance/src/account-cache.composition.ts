import type { AppRuntime } from '@steelyard/platform/lifecycle';
import type { AccountCache } from './application/read-accounts/account-cache.port.js';
import { HeadWatch } from './application/read-accounts/head-watch.js';
import { RecentAccounts } from './application/read-accounts/recent-accounts.js';
import type { BalanceConfig } from './config.js';
import { openAccountCache } from './infrastructure/cache/open-account-cache.js';
import type { AccountMetrics } from './infrastructure/observability/account-metrics.js';

/** Heads that nobody has looked at for so many intervals say nothing any more. */
const SILENT_INTERVALS_MAX = 10;
const SILENCE_MIN_MS = 1_000;

/** Accounts in memory for the time when the database is away. */
export function openCache(config: BalanceConfig, runtime: AppRuntime): AccountCache {
  const { ACCOUNT_CACHE_SIZE: accountsMax, ACCOUNT_CACHE_AGE_MAX_MS: ageMaxMs, REDIS_URL: redisUrl } = config;
  return openAccountCache({ accountsMax, ageMaxMs, redisUrl }, runtime);
}

/** Undefined when every read asks the database, which is what is asked for unless the configuration says otherwise. */
export function composeRecentReads(
  cache: AccountCache,
  config: BalanceConfig,
  counter: AccountMetrics,
): { readonly recent: RecentAccounts; readonly watch: HeadWatch } | undefined {
  const { ACCOUNT_READ_CACHE_TTL_MS: timeToLiveMs, ACCOUNT_CACHE_WATCH_MS: intervalMs } = config;
  if (timeToLiveMs === 0) return undefined;
  const now = Date.now;
  const silenceMaxMs = Math.max(SILENCE_MIN_MS, SILENT_INTERVALS_MAX * intervalMs);
  const watch = new HeadWatch({ silenceMaxMs, now });
  return { watch, recent: new RecentAccounts(cache, watch, { timeToLiveMs, now, counter }) };
}
