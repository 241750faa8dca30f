import { createPublicKey } from 'node:crypto';
import {
  booleanFlag,
  commonEnv,
  databaseUrl,
  host,
  milliseconds,
  parseConfig,
  port,
  positiveInt,
  requireNatsForItsTransport,
  secret,
  url,
  type Environment,
} from '@steelyard/platform/config';
import { z } from 'zod';
import { SELF_ACTIONS, type SelfAction } from './application/access/caller.js';
import { algorithmOf } from './application/authenticate/token-algorithm.js';

/** HS256 asks for as many bits as its hash has; in development a short one is let through. */
const PRODUCTION_SECRET_LENGTH_MIN = 32;
const RATE_LIMIT_MAX = 1_000_000;
const CALLS_IN_FLIGHT_MAX = 64;
const WAITING_MAX = 100_000;
const RPC_DEADLINE_MAX_MS = 60_000;
const DATABASE_POOL_MAX = 100;
const ORIGIN_PATTERN = /^https?:\/\/[A-Za-z0-9.[\]:-]+$/;

/** What DATABASE_ROLE is set to when the app works as the login itself. */
export const NO_ROLE = 'none';
const roleError = `the name of a database role, or ${NO_ROLE}`;

const schema = z
  .object({
    ...commonEnv,
    PORT: port(3000),
    DATABASE_URL: databaseUrl,
    /** The role that sessions work as; it is set up when the login may do that. */
    DATABASE_ROLE: z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/, { error: roleError })
      .default('steelyard_gateway'),
    GATEWAY_POOL_SIZE: positiveInt(4, DATABASE_POOL_MAX),
    BALANCE_HOST: host(),
    BALANCE_GRPC_PORT: port(50_051),
    LEDGER_HOST: host(),
    LEDGER_GRPC_PORT: port(50_052),
    RPC_DEADLINE_MS: milliseconds(10_000, RPC_DEADLINE_MAX_MS),
    CALLS_IN_FLIGHT_MAX: positiveInt(8, CALLS_IN_FLIGHT_MAX),
    COMMANDS_WAITING_MAX: positiveInt(20_000, WAITING_MAX),
    JWT_HS256_SECRET: secret(1).optional(),
    JWT_JWKS_URL: url(['http', 'https']).optional(),
    JWT_PUBLIC_KEY: publicKey().optional(),
    JWT_ISSUER: z.string().optional(),
    JWT_AUDIENCE: z.string().optional(),
    JWT_REQUIRE_EXP: booleanFlag(false),
    SELF_SERVICE: selfService(),
    RATE_LIMIT_PER_SECOND: positiveInt(1_000, RATE_LIMIT_MAX),
    CORS_ORIGINS: corsOrigins(),
  })
  .superRefine(requireNatsForItsTransport)
  .superRefine((config, context) => {
    const fault = (variable: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [variable], message });
    const { JWT_HS256_SECRET, JWT_JWKS_URL, JWT_PUBLIC_KEY } = config;
    if (JWT_JWKS_URL !== undefined && JWT_PUBLIC_KEY !== undefined) {
      fault(
        'JWT_PUBLIC_KEY',
        'nothing while JWT_JWKS_URL is set: a token must have one key that can prove it',
      );
    }
    if (config.NODE_ENV !== 'production') return;
    if (JWT_HS256_SECRET === undefined && JWT_JWKS_URL === undefined && JWT_PUBLIC_KEY === undefined) {
      fault('JWT_HS256_SECRET', 'one of JWT_HS256_SECRET, JWT_JWKS_URL and JWT_PUBLIC_KEY in production');
    }
    if (JWT_HS256_SECRET !== undefined && JWT_HS256_SECRET.length < PRODUCTION_SECRET_LENGTH_MIN) {
      fault('JWT_HS256_SECRET', `at least ${PRODUCTION_SECRET_LENGTH_MIN} characters in production`);
    }
  });

/** The gateway's environment, parsed. */
export type GatewayConfig = Readonly<z.output<typeof schema>>;

/** Reads the environment. Throws an error that names every variable at fault. */
export function gatewayConfig(env?: Environment): GatewayConfig {
  return parseConfig(schema, env);
}

/** `SELF_SERVICE=read,withdraw`: what callers without a role may do with their own accounts. */
function selfService() {
  return z
    .string()
    .default('read,withdraw,reserve')
    .transform((text, context): readonly SelfAction[] => {
      const names = text.split(',').map((name) => name.trim());
      const actions = SELF_ACTIONS.filter((action) => names.includes(action));
      if (text === 'none') return [];
      if (actions.length === new Set(names).size) return actions;
      context.addIssue({ code: 'custom', message: `none, or some of ${SELF_ACTIONS.join(',')}` });
      return z.NEVER;
    });
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

/** A PEM public key; in one line, `\n` stands for a line break. */
function publicKey() {
  const error = 'a PEM public key, RSA or P-256';
  return z
    .string()
    .transform((text) => text.replaceAll('\\n', '\n'))
    .refine(isUsableKey, { error });
}

function isUsableKey(pem: string): boolean {
  try {
    algorithmOf(createPublicKey(pem));
    return true;
  } catch {
    return false;
  }
}
