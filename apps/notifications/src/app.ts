import { alertsV1, factsV1 } from '@steelyard/contracts/grpc';
import { servicesByName } from '@steelyard/platform/grpc';
import type { AppDefinition } from '@steelyard/platform/lifecycle';
import { loadConfig, type NotificationsConfig } from './config.js';
import { NotificationsModule } from './notifications.module.js';

/** The notifications app: alerts on what happens in the books. */
export const NOTIFICATIONS_APP: AppDefinition<NotificationsConfig> = {
  name: 'notifications',
  loadConfig: () => loadConfig(),
  module: (config, runtime) => NotificationsModule.create(config, runtime),
  port: (config) => config.NOTIFICATIONS_HTTP_PORT,
  host: (config) => config.HOST,
  grpc: (config) => ({
    services: servicesByName(alertsV1.AlertServiceService, factsV1.FactConsumerServiceService),
    url: `${config.HOST}:${config.NOTIFICATIONS_GRPC_PORT}`,
  }),
};
