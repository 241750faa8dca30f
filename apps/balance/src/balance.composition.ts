import { CurrencyTable } from '@steelyard/domain/money';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import type { PipelinedConnection, Pool } from '@steelyard/platform/postgres';
import { ExecuteCommandsHandler } from './application/execute-commands/execute-commands.handler.js';
import { PostingEngine } from './application/posting-engine/posting-engine.js';
import { PurgeExpiredKeysHandler } from './application/purge-expired-keys/purge-expired-keys.handler.js';
import { ReadAccountsHandler } from './application/read-accounts/read-accounts.handler.js';
import type { BalanceConfig } from './config.js';
import { EngineMetrics } from './infrastructure/observability/engine-metrics.js';
import { AccountRepository } from './infrastructure/postgres/account.repository.js';
import { ExpiredKeyRepository } from './infrastructure/postgres/expired-key.repository.js';
import { PostgresPostingStorage } from './infrastructure/postgres/postgres-posting-storage.js';
import { balanceRpcHandlers, type BalanceRpcHandlers } from './transport/balance-rpc-handlers.js';
import { legacyBalanceHandlers, type LegacyBalanceHandlers } from './transport/legacy-balance-handlers.js';

// A command's row on its way to PostgreSQL is some hundred bytes; its metadata are what can make it large.
const BATCH_BYTES_MAX = 4 * 1024 * 1024;
// Measured with 64 single commands in flight: a quarter more a second than when any two batches overlap.
const OVERLAP_COMMANDS_MIN = 100;
// Some seconds of work at full speed: what waits longer than that has missed its deadline anyway.
const QUEUE_COMMANDS_MAX = 50_000;
// An estimated kilobyte each.
const CACHE_ENTRIES_MAX = 300_000;

export interface BalanceConnections {
  readonly pool: Pool;
  /** For the batches of the posting engine, one a lane. */
  readonly writers: readonly PipelinedConnection[];
}

export interface ComposedBalance {
  readonly engine: PostingEngine;
  readonly handlers: BalanceRpcHandlers;
  readonly legacyHandlers: LegacyBalanceHandlers;
  readonly purgeExpiredKeys: PurgeExpiredKeysHandler;
}

/** The posting engine and all use cases over PostgreSQL. */
export function composeBalance(
  { pool, writers }: BalanceConnections,
  config: BalanceConfig,
  runtime: Pick<AppRuntime, 'metrics' | 'logger'>,
): ComposedBalance {
  const now = Date.now;
  const storage = new PostgresPostingStorage(pool, writers, {
    idempotencyTtlMs: config.IDEMPOTENCY_TTL_MS,
    now,
  });
  const settings = { defaultCurrency: config.DEFAULT_CURRENCY };
  const engine = new PostingEngine(
    storage,
    { settings, currencies: new CurrencyTable(config.CURRENCIES) },
    {
      lanes: config.BALANCE_LANES,
      limits: { commandsMax: config.BALANCE_BATCH_COMMANDS_MAX, bytesMax: BATCH_BYTES_MAX },
      overlapCommandsMin: OVERLAP_COMMANDS_MIN,
      deadlineMs: config.BALANCE_COMMAND_DEADLINE_MS,
      queueCommandsMax: QUEUE_COMMANDS_MAX,
      cacheEntriesMax: CACHE_ENTRIES_MAX,
      now,
    },
    new EngineMetrics(runtime.metrics, runtime.logger),
  );
  const executeCommands = new ExecuteCommandsHandler(engine, storage, config.BUCKETS);
  const readAccounts = new ReadAccountsHandler(new AccountRepository(pool), config.BUCKETS);
  const handlers = balanceRpcHandlers({ executeCommands, readAccounts, now });
  return {
    engine,
    handlers,
    legacyHandlers: legacyBalanceHandlers({ executeCommands, readAccounts, ...settings }),
    purgeExpiredKeys: new PurgeExpiredKeysHandler(new ExpiredKeyRepository(pool), now),
  };
}
