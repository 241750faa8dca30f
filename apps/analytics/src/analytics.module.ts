import { Module, type DynamicModule } from '@nestjs/common';
import { analyticsV1 } from '@steelyard/contracts/grpc';
import { FactConsumer } from '@steelyard/facts/consumer';
import { grpcController } from '@steelyard/platform/grpc';
import {
  DatabaseReadiness,
  GrpcPeerReadiness,
  HealthModule,
  NatsReadiness,
  type ReadinessCheck,
} from '@steelyard/platform/health';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import { NatsServices, openNatsLink } from '@steelyard/platform/messaging';
import { SchemaConnector, ServiceDatabase } from '@steelyard/platform/postgres';
import { serve, type ServedService } from '@steelyard/platform/rpc';
import { GetSupplyHandler } from './application/supply/get-supply.handler.js';
import { NO_ROLE, type AnalyticsConfig } from './config.js';
import { SupplyFactHandler } from './infrastructure/facts/supply.fact-handler.js';
import { ANALYTICS_SCHEMA } from './infrastructure/postgres/analytics-schema.js';
import { SupplyRepository } from './infrastructure/postgres/supply.repository.js';
import { analyticsRpcHandlers } from './transport/analytics-rpc-handlers.js';

/** The composition root. */
@Module({})
export class AnalyticsModule {
  /** Connects to NATS when calls are to come over it; the database is waited for in the background. */
  static async create(config: AnalyticsConfig, runtime: AppRuntime): Promise<DynamicModule> {
    const { name: app, metrics, logger } = runtime;
    const database = openDatabase(config, runtime);
    const nats = await openNatsLink(config, runtime);
    const handlers = [new SupplyFactHandler()];
    const facts = new FactConsumer({ database, schema: 'analytics', handlers }, config, runtime);
    const getSupply = new GetSupplyHandler(new SupplyRepository(database));
    const services: readonly ServedService[] = [
      serve(analyticsV1.AnalyticsServiceService, analyticsRpcHandlers({ getSupply })),
      facts.service,
    ];
    const balance = `${config.BALANCE_HOST}:${config.BALANCE_GRPC_PORT}`;
    const checks: ReadinessCheck[] = [
      new DatabaseReadiness(database),
      new GrpcPeerReadiness('balance', balance),
    ];
    if (nats !== undefined && !nats.isOptional) checks.push(new NatsReadiness(nats));
    const overNats = nats === undefined ? [] : [new NatsServices(nats, services, { queue: app, logger })];
    return {
      module: AnalyticsModule,
      imports: [HealthModule.register({ app, checks, metrics, logger })],
      controllers: services.map((service) => grpcController(service)),
      providers: [
        { provide: FactConsumer, useValue: facts },
        ...overNats.map((useValue) => ({ provide: NatsServices, useValue })),
      ],
    };
  }
}

function openDatabase(config: AnalyticsConfig, runtime: AppRuntime): ServiceDatabase {
  const database = new ServiceDatabase(runtime.name);
  const role = config.DATABASE_ROLE === NO_ROLE ? undefined : config.DATABASE_ROLE;
  const connection = { url: config.DATABASE_URL, role, sizeMax: config.ANALYTICS_POOL_SIZE };
  const connector = new SchemaConnector(ANALYTICS_SCHEMA, connection, database, runtime.logger);
  runtime.onClose(() => connector.stop());
  connector.start();
  return database;
}
