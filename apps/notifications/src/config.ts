import { factEnv } from '@steelyard/facts/consumer';
import {
  commonEnv,
  databaseRole,
  databaseUrl,
  parseConfig,
  port,
  positiveInt,
  requireNatsForItsTransport,
  type Environment,
} from '@steelyard/platform/config';
import { z } from 'zod';

const POOL_MAX = 100;

const schema = z
  .object({
    ...commonEnv,
    DATABASE_URL: databaseUrl,
    /** The role that sessions work as; it is set up when the login may do that. */
    DATABASE_ROLE: databaseRole('steelyard_notifications'),
    NOTIFICATIONS_HTTP_PORT: port(3004),
    NOTIFICATIONS_GRPC_PORT: port(50_053),
    NOTIFICATIONS_POOL_SIZE: positiveInt(8, POOL_MAX),
    ...factEnv,
  })
  .superRefine(requireNatsForItsTransport);

export type NotificationsConfig = Readonly<z.output<typeof schema>>;

/** The app's configuration from the environment. @throws ConfigError */
export function loadConfig(env?: Environment): NotificationsConfig {
  return parseConfig(schema, env);
}
