import { runApp } from '@steelyard/platform/lifecycle';
import { loadConfig } from './config.js';
import { AnalyticsModule } from './analytics.module.js';

await runApp({
  name: 'analytics',
  loadConfig,
  module: (config, runtime) => AnalyticsModule.create(config, runtime),
  port: (config) => config.ANALYTICS_HTTP_PORT,
  host: (config) => config.HOST,
});
