import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import type { LaunchConfig } from './launch-config.js';

const SECRET_FILE = 'jwt-secret';
const SECRET_BYTES = 32;
const LIFETIME = '12h';
const SUBJECT = 'developer';

/** Any of these means that the user has keys of their own. */
const KEY_VARIABLES = ['JWT_HS256_SECRET', 'JWT_JWKS_URL', 'JWT_PUBLIC_KEY'];

/**
 * The secret that development tokens are signed with: the user's own, or one that is generated once and kept
 * in the data directory. Undefined when the user verifies tokens of another issuer.
 */
export function developmentSecret(config: LaunchConfig): string | undefined {
  const hasOwnKeys = KEY_VARIABLES.some((variable) => config.appEnv[variable] !== undefined);
  return hasOwnKeys ? config.appEnv['JWT_HS256_SECRET'] : keptSecret(config.dataDir);
}

/** An operator's token for trying things out, valid for {@link LIFETIME}. */
export function developmentToken(config: LaunchConfig, secret: string): Promise<string> {
  const token = new SignJWT({ roles: ['operator'] })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(SUBJECT)
    .setIssuedAt()
    .setExpirationTime(LIFETIME);
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = config.appEnv;
  if (issuer !== undefined) token.setIssuer(issuer);
  if (audience !== undefined) token.setAudience(audience);
  return token.sign(new TextEncoder().encode(secret));
}

function keptSecret(dataDir: string): string {
  const file = join(dataDir, SECRET_FILE);
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  mkdirSync(dataDir, { recursive: true });
  const secret = randomBytes(SECRET_BYTES).toString('hex');
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}
