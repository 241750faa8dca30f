import { Module, type DynamicModule } from '@nestjs/common';
import { alertsV1 } from '@steelyard/contracts/grpc';
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
import { ListAlertsHandler } from './application/alerts/list-alerts.handler.js';
import { ReportAlertsHandler } from './application/alerts/report-alerts.handler.js';
import { NO_ROLE, type NotificationsConfig } from './config.js';
import { InflationFactHandler } from './infrastructure/facts/inflation.fact-handler.js';
import { AlertAnnouncer } from './infrastructure/observability/alert-announcer.js';
import { AlertRepository } from './infrastructure/postgres/alert.repository.js';
import { NOTIFICATIONS_SCHEMA } from './infrastructure/postgres/notifications-schema.js';
import { alertRpcHandlers } from './transport/alert-rpc-handlers.js';

/** The composition root. */
@Module({})
export class NotificationsModule {
  /** Connects to NATS when calls are to come over it; the database is waited for in the background. */
  static async create(config: NotificationsConfig, runtime: AppRuntime): Promise<DynamicModule> {
    const { name: app, metrics, logger } = runtime;
    const database = openDatabase(config, runtime);
    const nats = await openNatsLink(config, runtime);
    const alerts = new AlertRepository(database);
    const announcer = new AlertAnnouncer(logger, metrics);
    const handlers = [new InflationFactHandler(announcer)];
    const facts = new FactConsumer({ database, schema: 'notifications', handlers }, config, runtime);
    const services: readonly ServedService[] = [
      serve(
        alertsV1.AlertServiceService,
        alertRpcHandlers({
          reportAlerts: new ReportAlertsHandler(alerts, announcer),
          listAlerts: new ListAlertsHandler(alerts),
        }),
      ),
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
      module: NotificationsModule,
      imports: [HealthModule.register({ app, checks, metrics, logger })],
      controllers: services.map((service) => grpcController(service)),
      providers: [
        { provide: FactConsumer, useValue: facts },
        ...overNats.map((useValue) => ({ provide: NatsServices, useValue })),
      ],
    };
  }
}

function openDatabase(config: NotificationsConfig, runtime: AppRuntime): ServiceDatabase {
  const database = new ServiceDatabase(runtime.name);
  const role = config.DATABASE_ROLE === NO_ROLE ? undefined : config.DATABASE_ROLE;
  const connection = { url: config.DATABASE_URL, role, sizeMax: config.NOTIFICATIONS_POOL_SIZE };
  const connector = new SchemaConnector(NOTIFICATIONS_SCHEMA, connection, database, runtime.logger);
  runtime.onClose(() => connector.stop());
  connector.start();
  return database;
}
