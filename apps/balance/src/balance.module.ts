import { Module, type DynamicModule } from '@nestjs/common';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import {
  HealthModule,
  NatsReadiness,
  PostgresReadiness,
  type ReadinessCheck,
} from '@steelyard/platform/health';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import { openNatsLink } from '@steelyard/platform/messaging';
import { createPool, openPipelined } from '@steelyard/platform/postgres';
import { composeBalance, type BalanceConnections } from './balance.composition.js';
import type { AccountCache } from './application/read-accounts/account-cache.port.js';
import type { BalanceConfig } from './config.js';
import { composeHttp } from './http.composition.js';
import { openAccountCache } from './infrastructure/cache/open-account-cache.js';
import { BALANCE_ROLE, setUpSchema } from './infrastructure/postgres/schema-setup.js';
import { ExpireReservationsJob } from './jobs/expire-reservations.job.js';
import { PurgeExpiredKeysJob } from './jobs/purge-expired-keys.job.js';
import { BalanceGrpcController } from './transport/grpc/balance.grpc-controller.js';
import { LegacyBalanceGrpcController } from './transport/grpc/legacy-balance.grpc-controller.js';
import { BALANCE_RPC_HANDLERS } from './transport/balance-rpc-handlers.js';
import { LEGACY_BALANCE_HANDLERS } from './transport/legacy-balance-handlers.js';
import { BalanceNatsServer } from './transport/nats/balance.nats-server.js';

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
    const composed = composeBalance(connections, config, runtime);
    const { engine, handlers, legacyHandlers, purgeExpiredKeys, expireReservations } = composed;
    runtime.onClose(() => engine.drain());
    const checks: ReadinessCheck[] = [new PostgresReadiness(connections.pool)];
    if (nats && !nats.isOptional) checks.push(new NatsReadiness(nats));
    const http = await composeHttp(handlers, config, runtime);
    const natsServer = nats && new BalanceNatsServer(nats, handlers, logger);
    return {
      module: BalanceModule,
      imports: [
        ScheduleModule.forRoot(),
        HealthModule.register({ app: runtime.name, checks, metrics, logger }),
      ],
      controllers: [BalanceGrpcController, LegacyBalanceGrpcController, ...http.controllers],
      providers: [
        ...http.providers,
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
        ...(natsServer ? [{ provide: BalanceNatsServer, useValue: natsServer }] : []),
      ],
    };
  }
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

function openCache(config: BalanceConfig, runtime: AppRuntime): AccountCache {
  const { ACCOUNT_CACHE_SIZE: accountsMax, ACCOUNT_CACHE_AGE_MAX_MS: ageMaxMs, REDIS_URL: redisUrl } = config;
  return openAccountCache({ accountsMax, ageMaxMs, redisUrl }, runtime);
}
