import {
  commonEnv,
  databaseUrl,
  host,
  parseConfig,
  port,
  requireNatsForItsTransport,
} from '@steelyard/platform/config';
import { z } from 'zod';

const schema = z
  .object({
    ...commonEnv,
    DATABASE_URL: databaseUrl,
    NOTIFICATIONS_HTTP_PORT: port(3004),
    NOTIFICATIONS_GRPC_PORT: port(50053),
    /** Where the balance app is. */
    BALANCE_HOST: host(),
    BALANCE_GRPC_PORT: port(50051),
  })
  .superRefine(requireNatsForItsTransport);

export type NotificationsConfig = z.output<typeof schema>;

/** The app's configuration from the environment. @throws ConfigError */
export function loadConfig(): NotificationsConfig {
  return parseConfig(schema);
}
