import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { balanceV1 } from '@steelyard/contracts/grpc';
import { grpcController } from '@steelyard/platform/grpc';
import { HealthModule, PostgresReadiness, readinessOfNats } from '@steelyard/platform/health';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import { openNatsLink, servedOverNats } from '@steelyard/platform/messaging';
import { createPool, openPipelined } from '@steelyard/platform/postgres';
import { serve } from '@steelyard/platform/rpc';
import { openCache } from './account-cache.composition.js';
import { composeBalance, type BalanceConnections, type ComposedBalance } from './balance.composition.js';
import type { BalanceConfig } from './config.js';
import { composeFacts } from './facts.composition.js';
import { composeHttp } from './http.composition.js';
import { composeMaintenance } from './maintenance.composition.js';
import { BALANCE_ROLE, setUpSchema } from './infrastructure/postgres/schema-setup.js';
import { ExpireReservationsJob } from './jobs/expire-reservations.job.js';
import { PurgeExpiredKeysJob } from './jobs/purge-expired-keys.job.js';
import { WatchHeadsJob } from './jobs/watch-heads.job.js';
import { BalanceGrpcController } from './transport/grpc/balance.grpc-controller.js';
import { LegacyBalanceGrpcController } from './transport/grpc/legacy-balance.grpc-controller.js';
import { BALANCE_RPC_HANDLERS } from './transport/balance-rpc-handlers.js';
import { LEGACY_BALANCE_HANDLERS } from './transport/legacy-balance-handlers.js';

/** A statement of the posting path takes milliseconds; one that takes this long is stuck. */
const STATEMENT_TIMEOUT_MS = 10_000;

/** The composition root. */
@Module({})
export class BalanceModule {
  /** Brings the schema up to date, then connects. */
  static async register(config: BalanceConfig, runtime: AppRuntime): Promise<DynamicModule> {
    await setUpSchema(config.DATABASE_URL, {
      buckets: config.BUCKETS,
      defaultCurrency: config.DEFAULT_CURRENCY,
    });
    const { logger, metrics } = runtime;
    const connections = await connect(config, runtime);
    const nats = await openNatsLink(config, runtime);
    const facts = await composeFacts(config, runtime, nats);
    const { onCommitted } = facts;
    const composed = composeBalance(connections, config, { metrics, logger, onCommitted });
    const { engine, handlers, legacyHandlers, purgeExpiredKeys, expireReservations } = composed;
    runtime.onClose(() => engine.drain());
    const checks = [new PostgresReadiness(connections.pool), ...readinessOfNats(nats)];
    const http = await composeHttp(handlers, config, runtime);
    const services = [facts.service, composeMaintenance(connections, config)];
    return {
      module: BalanceModule,
      imports: [
        ScheduleModule.forRoot(),
        HealthModule.register({ app: runtime.name, checks, metrics, logger }),
      ],
      controllers: [
        BalanceGrpcController,
        LegacyBalanceGrpcController,
        ...services.map((service) => grpcController(service)),
        ...http.controllers,
      ],
      providers: [
        ...http.providers,
        ...facts.providers,
        { provide: BALANCE_RPC_HANDLERS, useValue: handlers },
        { provide: LEGACY_BALANCE_HANDLERS, useValue: legacyHandlers },
        { provide: PurgeExpiredKeysJob, useValue: new PurgeExpiredKeysJob(purgeExpiredKeys, logger) },
        {
          provide: ExpireReservationsJob,
          inject: [SchedulerRegistry],
          useFactory: (registry: SchedulerRegistry) =>
            new ExpireReservationsJob(
              expireReservations,
              { intervalMs: config.RESERVATION_SWEEP_INTERVAL_MS, registry },
              logger,
            ),
        },
        ...watchOfHeads(composed, config, runtime),
        ...servedOverNats(nats, [serve(balanceV1.BalanceServiceService, handlers), ...services], runtime),
      ],
    };
  }
}

/** Looks at the heads where reads are answered from memory. */
function watchOfHeads(
  { headWatch: watch, storage }: ComposedBalance,
  config: BalanceConfig,
  { logger }: AppRuntime,
): Provider[] {
  if (!watch) return [];
  const { ACCOUNT_CACHE_WATCH_MS: intervalMs, BUCKETS: buckets } = config;
  const watched = { watch, storage, now: Date.now };
  const useFactory = (registry: SchedulerRegistry): WatchHeadsJob =>
    new WatchHeadsJob(watched, { intervalMs, buckets, registry }, logger);
  return [{ provide: WatchHeadsJob, inject: [SchedulerRegistry], useFactory }];
}

async function connect(config: BalanceConfig, runtime: AppRuntime): Promise<BalanceConnections> {
  const options = {
    url: config.DATABASE_URL,
    role: BALANCE_ROLE,
    applicationName: 'steelyard balance',
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    onConnectionLost: (error: unknown) => runtime.logger.warn({ error }, 'postgres.connection.lost'),
  };
  const pool = createPool({ ...options, sizeMax: config.BALANCE_POOL_SIZE });
  runtime.onClose(() => pool.end());
  const lanes = Array.from({ length: config.BALANCE_LANES });
  const writers = await Promise.all(lanes.map(() => openPipelined(options)));
  for (const writer of writers) runtime.onClose(() => writer.close());
  return { pool, writers, accountCache: openCache(config, runtime) };
}
