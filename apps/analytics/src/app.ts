import { analyticsV1, factsV1 } from '@steelyard/contracts/grpc';
import { servicesByName } from '@steelyard/platform/grpc';
import type { AppDefinition } from '@steelyard/platform/lifecycle';
import { AnalyticsModule } from './analytics.module.js';
import { loadConfig, type AnalyticsConfig } from './config.js';

/** The analytics app: sums over what happened in the books. */
export const ANALYTICS_APP: AppDefinition<AnalyticsConfig> = {
  name: 'analytics',
  loadConfig: () => loadConfig(),
  module: (config, runtime) => AnalyticsModule.create(config, runtime),
  port: (config) => config.ANALYTICS_HTTP_PORT,
  host: (config) => config.HOST,
  grpc: (config) => ({
    services: servicesByName(analyticsV1.AnalyticsServiceService, factsV1.FactConsumerServiceService),
    url: `${config.HOST}:${config.ANALYTICS_GRPC_PORT}`,
  }),
};
