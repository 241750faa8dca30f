import { Module, type DynamicModule } from '@nestjs/common';
import { alertsV1 } from '@steelyard/contracts/grpc';
import { factAppModule } from '@steelyard/facts/app';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import type { ServiceDatabase } from '@steelyard/platform/postgres';
import { serve, type ServedService } from '@steelyard/platform/rpc';
import { ListAlertsHandler } from './application/alerts/list-alerts.handler.js';
import { ReportAlertsHandler } from './application/alerts/report-alerts.handler.js';
import type { NotificationsConfig } from './config.js';
import { InflationFactHandler } from './infrastructure/facts/inflation.fact-handler.js';
import { AlertAnnouncer } from './infrastructure/observability/alert-announcer.js';
import { AlertRepository } from './infrastructure/postgres/alert.repository.js';
import { NOTIFICATIONS_SCHEMA } from './infrastructure/postgres/notifications-schema.js';
import { alertRpcHandlers } from './transport/alert-rpc-handlers.js';

/** The composition root. */
@Module({})
export class NotificationsModule {
  /** Connects to NATS when calls are to come over it; the database is waited for in the background. */
  static create(config: NotificationsConfig, runtime: AppRuntime): Promise<DynamicModule> {
    const announcer = new AlertAnnouncer(runtime.logger, runtime.metrics);
    const app = {
      module: NotificationsModule,
      schema: NOTIFICATIONS_SCHEMA,
      poolSizeMax: config.NOTIFICATIONS_POOL_SIZE,
      handlers: [new InflationFactHandler(announcer)],
      services: (database: ServiceDatabase) => notificationServices(database, announcer),
    };
    return factAppModule(app, config, runtime);
  }
}

function notificationServices(
  database: ServiceDatabase,
  announcer: AlertAnnouncer,
): readonly ServedService[] {
  const alerts = new AlertRepository(database);
  const handlers = alertRpcHandlers({
    reportAlerts: new ReportAlertsHandler(alerts, announcer),
    listAlerts: new ListAlertsHandler(alerts),
  });
  return [serve(alertsV1.AlertServiceService, handlers)];
}
