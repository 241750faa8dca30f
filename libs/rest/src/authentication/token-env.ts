import { createPublicKey } from 'node:crypto';
import { booleanFlag, secret, url } from '@steelyard/platform/config';
import { z } from 'zod';
import { algorithmOf } from './token-algorithm.js';

/** HS256 asks for as many bits as its hash has; in development a short one is let through. */
const PRODUCTION_SECRET_LENGTH_MIN = 32;

/** The variables that decide which tokens are accepted, to be spread into an app's schema. */
export const tokenEnv = {
  JWT_HS256_SECRET: secret(1).optional(),
  JWT_JWKS_URL: url(['http', 'https']).optional(),
  JWT_PUBLIC_KEY: publicKey().optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  JWT_REQUIRE_EXP: booleanFlag(false),
};

/** What {@link tokenEnv} is read as, with what else decides about tokens. */
export interface TokenConfig {
  readonly NODE_ENV: 'development' | 'production' | 'test';
  readonly DATA_DIR: string;
  readonly JWT_HS256_SECRET?: string | undefined;
  readonly JWT_JWKS_URL?: string | undefined;
  readonly JWT_PUBLIC_KEY?: string | undefined;
  readonly JWT_ISSUER?: string | undefined;
  readonly JWT_AUDIENCE?: string | undefined;
  readonly JWT_REQUIRE_EXP: boolean;
}

/** For `.superRefine(…)`: one key that can prove a token, and in production one that is there and strong. */
export function refuseUnusableTokenKeys(config: TokenConfig, context: z.core.$RefinementCtx): void {
  const fault = (variable: string, message: string): void =>
    context.addIssue({ code: 'custom', path: [variable], message });
  const { JWT_HS256_SECRET, JWT_JWKS_URL, JWT_PUBLIC_KEY } = config;
  if (JWT_JWKS_URL !== undefined && JWT_PUBLIC_KEY !== undefined) {
    fault('JWT_PUBLIC_KEY', 'nothing while JWT_JWKS_URL is set: a token must have one key that can prove it');
  }
  if (config.NODE_ENV !== 'production') return;
  if (JWT_HS256_SECRET === undefined && JWT_JWKS_URL === undefined && JWT_PUBLIC_KEY === undefined) {
    fault('JWT_HS256_SECRET', 'one of JWT_HS256_SECRET, JWT_JWKS_URL and JWT_PUBLIC_KEY in production');
  }
  if (JWT_HS256_SECRET !== undefined && JWT_HS256_SECRET.length < PRODUCTION_SECRET_LENGTH_MIN) {
    fault('JWT_HS256_SECRET', `at least ${PRODUCTION_SECRET_LENGTH_MIN} characters in production`);
  }
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
