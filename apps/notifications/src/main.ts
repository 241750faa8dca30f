import { runApp } from '@steelyard/platform/lifecycle';
import { loadConfig } from './config.js';
import { NotificationsModule } from './notifications.module.js';

await runApp({
  name: 'notifications',
  loadConfig,
  module: (config, runtime) => NotificationsModule.create(config, runtime),
  port: (config) => config.NOTIFICATIONS_HTTP_PORT,
  host: (config) => config.HOST,
});
