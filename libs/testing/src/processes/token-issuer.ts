import { SignJWT } from 'jose';

/** What a caller may be besides an ordinary account holder. */
export type Role = 'operator' | 'auditor' | 'service';

/** Signs a token for a subject (an account or holder id) with roles. */
export type TokenIssuer = (roles: readonly Role[], subject?: string) => Promise<string>;

const LIFETIME = '1h';
const DEFAULT_SUBJECT = 'test-caller';

/** Issues HS256 tokens as the gateway accepts them under `JWT_HS256_SECRET`. */
export function createTokenIssuer(secret: string): TokenIssuer {
  const key = new TextEncoder().encode(secret);
  return (roles, subject = DEFAULT_SUBJECT) =>
    new SignJWT({ roles: [...roles] })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime(LIFETIME)
      .sign(key);
}
