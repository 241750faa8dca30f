import type { AppRuntime } from '@steelyard/platform/lifecycle';
import { OutageLog } from '@steelyard/platform/observability';
import { Redis } from 'ioredis';
import type { AccountCache } from '../../application/read-accounts/account-cache.port.js';
import { MemoryAccountCache } from './memory-account-cache.js';
import { RedisAccountStore } from './redis-account-store.js';
import { SharedAccountCache } from './shared-account-cache.js';

/** Redis answers within a millisecond; a read that shows remembered accounts does not wait longer than this. */
const COMMAND_TIMEOUT_MS = 250;
const CONNECT_TIMEOUT_MS = 2_000;

export interface AccountCacheSettings {
  readonly accountsMax: number;
  readonly ageMaxMs: number;
  /** Absent: accounts are remembered by this process only. */
  readonly redisUrl?: string | undefined;
}

/** The cache of accounts for the time when PostgreSQL is away. Does not wait for Redis, and works without it. */
export function openAccountCache(settings: AccountCacheSettings, runtime: AppRuntime): AccountCache {
  const { accountsMax, ageMaxMs, redisUrl } = settings;
  const options = { accountsMax, ageMaxMs, now: Date.now };
  if (redisUrl === undefined) return new MemoryAccountCache(options);
  const redis = connect(redisUrl, new OutageLog(runtime.logger, 'redis', 'account-cache'));
  const store = new RedisAccountStore(redis, { timeToLiveMs: ageMaxMs });
  runtime.onClose(async () => {
    await store.close();
    redis.disconnect();
  });
  return new SharedAccountCache(new MemoryAccountCache(options, store), store);
}

function connect(url: string, log: OutageLog): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
  });
  redis.on('error', (error) => log.lost(error));
  redis.on('ready', () => log.regained());
  return redis;
}
