import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SignJWT } from 'jose';
import { CliError } from '../cli-error.js';
import { REPOSITORY_ROOT } from '../repository-root.js';

/** What a token says about its bearer. */
export interface TokenClaims {
  readonly subject: string;
  readonly roles: readonly string[];
  /** A span such as 12h or 30m, from now. */
  readonly expiresIn: string;
}

/** The secret that signs development tokens: JWT_HS256_SECRET, else the file that `npm start` wrote. */
export async function readDevelopmentSecret(environment: NodeJS.ProcessEnv): Promise<string> {
  const fromEnvironment = environment['JWT_HS256_SECRET'];
  if (fromEnvironment) return fromEnvironment;
  const path = resolve(REPOSITORY_ROOT, environment['DATA_DIR'] ?? '.data', 'jwt-secret');
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    throw new CliError(
      `there is no secret to sign a token with: set JWT_HS256_SECRET, or run npm start once, which writes ${path}`,
      { cause },
    );
  }
}

/** Signs a JWT with HS256. Fails with a CliError when the span is not one. */
export async function signDevelopmentToken(secret: string, claims: TokenClaims): Promise<string> {
  const token = new SignJWT({ roles: [...claims.roles] })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(claims.subject)
    .setIssuedAt();
  try {
    token.setExpirationTime(claims.expiresIn);
  } catch (cause) {
    throw new CliError(`"${claims.expiresIn}" is not a time span such as 12h, 30m or 7d`, { cause });
  }
  return token.sign(new TextEncoder().encode(secret));
}
