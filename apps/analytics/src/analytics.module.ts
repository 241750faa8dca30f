import { Module, type DynamicModule } from '@nestjs/common';
import { connectPeers, HealthModule } from '@steelyard/platform/health';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import type { AnalyticsConfig } from './config.js';

/** The composition root. */
@Module({})
export class AnalyticsModule {
  static async create(config: AnalyticsConfig, runtime: AppRuntime): Promise<DynamicModule> {
    const { name: app, metrics, logger } = runtime;
    const checks = await connectPeers(
      {
        databaseUrl: config.DATABASE_URL,
        grpc: { balance: `${config.BALANCE_HOST}:${config.BALANCE_GRPC_PORT}` },
        natsUrl: config.NATS_URL,
      },
      runtime,
    );
    return { module: AnalyticsModule, imports: [HealthModule.register({ app, checks, metrics, logger })] };
  }
}
