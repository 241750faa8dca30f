import { Module, type DynamicModule } from '@nestjs/common';
import { analyticsV1 } from '@steelyard/contracts/grpc';
import { factAppModule } from '@steelyard/facts/app';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import type { ServiceDatabase } from '@steelyard/platform/postgres';
import { serve, type ServedService } from '@steelyard/platform/rpc';
import { GetSupplyHandler } from './application/supply/get-supply.handler.js';
import type { AnalyticsConfig } from './config.js';
import { SupplyFactHandler } from './infrastructure/facts/supply.fact-handler.js';
import { ANALYTICS_SCHEMA } from './infrastructure/postgres/analytics-schema.js';
import { SupplyRepository } from './infrastructure/postgres/supply.repository.js';
import { analyticsRpcHandlers } from './transport/analytics-rpc-handlers.js';

/** The composition root. */
@Module({})
export class AnalyticsModule {
  /** Connects to NATS when calls are to come over it; the database is waited for in the background. */
  static create(config: AnalyticsConfig, runtime: AppRuntime): Promise<DynamicModule> {
    const app = {
      module: AnalyticsModule,
      schema: ANALYTICS_SCHEMA,
      poolSizeMax: config.ANALYTICS_POOL_SIZE,
      handlers: [new SupplyFactHandler()],
      services: analyticsServices,
    };
    return factAppModule(app, config, runtime);
  }
}

function analyticsServices(database: ServiceDatabase): readonly ServedService[] {
  const getSupply = new GetSupplyHandler(new SupplyRepository(database));
  return [serve(analyticsV1.AnalyticsServiceService, analyticsRpcHandlers({ getSupply }))];
}
