import { z } from 'zod';
import { LOG_LEVELS } from '../observability/index.js';
import { host, url } from './environment-types.js';

const TRANSPORTS = ['grpc', 'nats'] as const;
const RPC_FALLBACKS = ['none', 'grpc'] as const;
/** What a role is set to when sessions work as the login itself. */
const NO_ROLE = 'none';
const NODE_ENVS = ['development', 'production', 'test'] as const;

/** PostgreSQL 15 or newer. Required: put it into an app's schema where `commonEnv` alone leaves it optional. */
export const databaseUrl = url(['postgres', 'postgresql']);

/**
 * The variables that every app knows, to be spread into its schema:
 * `z.object({ ...commonEnv, DATABASE_URL: databaseUrl, BALANCE_HTTP_PORT: port(3002) })`.
 */
export const commonEnv = {
  HOST: host(),
  DATABASE_URL: databaseUrl.optional(),
  REDIS_URL: url(['redis', 'rediss']).optional(),
  NATS_URL: url(['nats', 'tls']).optional(),
  TRANSPORT: oneOf(TRANSPORTS).default('grpc'),
  /** With TRANSPORT=nats, grpc: calls go over gRPC while NATS is away, and no app needs NATS to start or to be ready. */
  RPC_FALLBACK: oneOf(RPC_FALLBACKS).default('none'),
  NODE_ENV: oneOf(NODE_ENVS).default('development'),
  LOG_LEVEL: oneOf(LOG_LEVELS).default('info'),
  DATA_DIR: z.string().max(4_096, { error: 'a path of at most 4096 characters' }).default('.data'),
};

/** For `.superRefine(…)` on an app's schema: TRANSPORT=nats cannot work without NATS_URL. */
export function requireNatsForItsTransport(
  config: { readonly TRANSPORT: (typeof TRANSPORTS)[number]; readonly NATS_URL?: string | undefined },
  context: z.core.$RefinementCtx,
): void {
  if (config.TRANSPORT !== 'nats' || config.NATS_URL !== undefined) return;
  context.addIssue({
    code: 'custom',
    path: ['NATS_URL'],
    message: 'a NATS server, because TRANSPORT is nats',
  });
}

/** The role that an app's sessions work as; undefined, written `none`: the login itself. */
export function databaseRole(defaultRole: string) {
  return z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, { error: `the name of a database role, or ${NO_ROLE}` })
    .default(defaultRole)
    .transform((role) => (role === NO_ROLE ? undefined : role));
}

function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: `one of ${words.join(', ')}` });
}
