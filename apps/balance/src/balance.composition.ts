import { CurrencyTable } from '@steelyard/domain/money';
import type { CoreSettings } from '@steelyard/domain/posting';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import type { PipelinedConnection, Pool } from '@steelyard/platform/postgres';
import { ExecuteCommandsHandler } from './application/execute-commands/execute-commands.handler.js';
import { ExpireReservationsHandler } from './application/expire-reservations/expire-reservations.handler.js';
import { PostingEngine } from './application/posting-engine/posting-engine.js';
import { PurgeExpiredKeysHandler } from './application/purge-expired-keys/purge-expired-keys.handler.js';
import type { AccountCache } from './application/read-accounts/account-cache.port.js';
import { ReadAccountsHandler } from './application/read-accounts/read-accounts.handler.js';
import { ReadReservationsHandler } from './application/read-reservations/read-reservations.handler.js';
import { ReadTablesHandler } from './application/read-tables/read-tables.handler.js';
import type { HeadWatch } from './application/read-accounts/head-watch.js';
import { composeRecentReads } from './account-cache.composition.js';
import type { BalanceConfig } from './config.js';
import { RememberingPostingStorage } from './infrastructure/cache/remembering-posting-storage.js';
import { AccountMetrics } from './infrastructure/observability/account-metrics.js';
import { EngineMetrics } from './infrastructure/observability/engine-metrics.js';
import { AccountRepository } from './infrastructure/postgres/account.repository.js';
import { DueAccountRepository } from './infrastructure/postgres/due-account.repository.js';
import { ExpiredKeyRepository } from './infrastructure/postgres/expired-key.repository.js';
import { PostgresPostingStorage } from './infrastructure/postgres/postgres-posting-storage.js';
import { PotRepository } from './infrastructure/postgres/pot.repository.js';
import { ReservationRepository } from './infrastructure/postgres/reservation.repository.js';
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
  /** Remembers accounts for reads while PostgreSQL is away. */
  readonly accountCache: AccountCache;
}

export interface ComposedBalance {
  readonly engine: PostingEngine;
  readonly handlers: BalanceRpcHandlers;
  readonly legacyHandlers: LegacyBalanceHandlers;
  readonly purgeExpiredKeys: PurgeExpiredKeysHandler;
  readonly expireReservations: ExpireReservationsHandler;
  readonly readAccounts: ReadAccountsHandler;
  readonly storage: PostgresPostingStorage;
  /** Absent: reads are not answered from memory. */
  readonly headWatch: HeadWatch | undefined;
}

/** The posting engine and all use cases over PostgreSQL. */
export function composeBalance(
  { pool, writers, accountCache }: BalanceConnections,
  config: BalanceConfig,
  runtime: Pick<AppRuntime, 'metrics' | 'logger'> & { readonly onCommitted?: () => void },
): ComposedBalance {
  const now = Date.now;
  const accountMetrics = new AccountMetrics(runtime.metrics, runtime.logger);
  const storage = new PostgresPostingStorage(pool, writers, {
    idempotencyTtlMs: config.IDEMPOTENCY_TTL_MS,
    now,
    onDrift: (account) => accountMetrics.drifted(account),
  });
  const recentReads = composeRecentReads(accountCache, config, accountMetrics);
  const settings = settingsOf(config);
  const engine = new PostingEngine(
    new RememberingPostingStorage(storage, { cache: accountCache, now, watch: recentReads?.watch }),
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
    new EngineMetrics(runtime.metrics, runtime.logger, runtime.onCommitted),
  );
  const executeCommands = new ExecuteCommandsHandler(engine, storage, config.BUCKETS);
  const accounts = new AccountRepository(pool, now);
  const readAccounts = new ReadAccountsHandler(accounts, {
    ...settings,
    cache: accountCache,
    now,
    recent: recentReads?.recent,
  });
  const readReservations = new ReadReservationsHandler(new ReservationRepository(pool), accounts, {
    ...settings,
    now,
  });
  const readTables = new ReadTablesHandler(new PotRepository(pool), accounts, settings);
  const useCases = { executeCommands, readAccounts, readReservations, readTables, now, ...settings };
  return {
    engine,
    readAccounts,
    storage,
    headWatch: recentReads?.watch,
    handlers: balanceRpcHandlers(useCases),
    legacyHandlers: legacyBalanceHandlers(useCases),
    purgeExpiredKeys: new PurgeExpiredKeysHandler(new ExpiredKeyRepository(pool), now),
    expireReservations: new ExpireReservationsHandler(new DueAccountRepository(pool), engine, {
      ...settings,
      now,
    }),
  };
}

/** What decisions about money depend on. */
function settingsOf(config: BalanceConfig): CoreSettings {
  return {
    defaultCurrency: config.DEFAULT_CURRENCY,
    buckets: config.BUCKETS,
    reservationTimeoutMs: config.RESERVATION_TIMEOUT_MS,
    escrowPolicy: config.TABLE_ESCROW_POLICY,
    rake: {
      basisPoints: config.RAKE_BASIS_POINTS,
      capChips: config.RAKE_CAP_CHIPS,
      minPotChips: config.RAKE_MIN_POT_CHIPS,
    },
  };
}
