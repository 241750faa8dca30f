import { factEnv } from '@steelyard/facts/consumer';
import {
  commonEnv,
  databaseUrl,
  parseConfig,
  port,
  positiveInt,
  requireNatsForItsTransport,
  type Environment,
} from '@steelyard/platform/config';
import { z } from 'zod';

/** What DATABASE_ROLE is set to when the app works as the login itself. */
export const NO_ROLE = 'none';

const roleError = `the name of a database role, or ${NO_ROLE}`;
const POOL_MAX = 100;

const schema = z
  .object({
    ...commonEnv,
    DATABASE_URL: databaseUrl,
    /** The role that sessions work as; it is set up when the login may do that. */
    DATABASE_ROLE: z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/, { error: roleError })
      .default('steelyard_analytics'),
    ANALYTICS_HTTP_PORT: port(3005),
    ANALYTICS_GRPC_PORT: port(50_054),
    ANALYTICS_POOL_SIZE: positiveInt(8, POOL_MAX),
    ...factEnv,
  })
  .superRefine(requireNatsForItsTransport);

export type AnalyticsConfig = Readonly<z.output<typeof schema>>;

/** The app's configuration from the environment. @throws ConfigError */
export function loadConfig(env?: Environment): AnalyticsConfig {
  return parseConfig(schema, env);
}
