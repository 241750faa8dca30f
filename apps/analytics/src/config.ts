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
    ANALYTICS_HTTP_PORT: port(3005),
    ANALYTICS_GRPC_PORT: port(50054),
    /** Where the balance app is. */
    BALANCE_HOST: host(),
    BALANCE_GRPC_PORT: port(50051),
  })
  .superRefine(requireNatsForItsTransport);

export type AnalyticsConfig = z.output<typeof schema>;

/** The app's configuration from the environment. @throws ConfigError */
export function loadConfig(): AnalyticsConfig {
  return parseConfig(schema);
}
