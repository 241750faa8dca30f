import {
  commonEnv,
  databaseUrl,
  host,
  milliseconds,
  parseConfig,
  port,
  positiveInt,
  requireNatsForItsTransport,
  type Environment,
} from '@steelyard/platform/config';
import { accountApiEnv } from '@steelyard/rest/account-api';
import { refuseUnusableTokenKeys } from '@steelyard/rest/authentication';
import { z } from 'zod';

const CALLS_IN_FLIGHT_MAX = 64;
const WAITING_MAX = 100_000;
const RPC_DEADLINE_MAX_MS = 60_000;
const DATABASE_POOL_MAX = 100;
const ORIGIN_PATTERN = /^https?:\/\/[A-Za-z0-9.[\]:-]+$/;

const schema = z
  .object({
    ...commonEnv,
    ...accountApiEnv,
    PORT: port(3000),
    DATABASE_URL: databaseUrl,
    GATEWAY_POOL_SIZE: positiveInt(4, DATABASE_POOL_MAX),
    BALANCE_HOST: host(),
    BALANCE_GRPC_PORT: port(50_051),
    LEDGER_HOST: host(),
    LEDGER_GRPC_PORT: port(50_052),
    NOTIFICATIONS_HOST: host(),
    NOTIFICATIONS_GRPC_PORT: port(50_053),
    ANALYTICS_HOST: host(),
    ANALYTICS_GRPC_PORT: port(50_054),
    RPC_DEADLINE_MS: milliseconds(10_000, RPC_DEADLINE_MAX_MS),
    CALLS_IN_FLIGHT_MAX: positiveInt(8, CALLS_IN_FLIGHT_MAX),
    COMMANDS_WAITING_MAX: positiveInt(20_000, WAITING_MAX),
    CORS_ORIGINS: corsOrigins(),
  })
  .superRefine(requireNatsForItsTransport)
  .superRefine(refuseUnusableTokenKeys);

/** The gateway's environment, parsed. */
export type GatewayConfig = Readonly<z.output<typeof schema>>;

/** Reads the environment. Throws an error that names every variable at fault. */
export function gatewayConfig(env?: Environment): GatewayConfig {
  return parseConfig(schema, env);
}

/** `CORS_ORIGINS=https://a.example,https://b.example`; none by default. */
function corsOrigins() {
  return z
    .string()
    .transform((text) => text.split(',').map((origin) => origin.trim()))
    .refine((origins) => origins.every((origin) => ORIGIN_PATTERN.test(origin)), {
      error: 'origins such as https://app.example.com, separated by commas',
    })
    .default([]);
}
