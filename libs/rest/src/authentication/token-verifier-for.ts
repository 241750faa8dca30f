import { developmentSecret } from './development-secret.js';
import { JwtTokenVerifier } from './jwt-token-verifier.js';
import { RemoteKeys } from './remote-keys.js';
import type { TokenConfig } from './token-env.js';

/**
 * The verifier that a configuration asks for. Without any key, which only development allows, it is the secret
 * kept in DATA_DIR, so that all apps of one machine accept the same tokens.
 */
export async function tokenVerifierFor(config: TokenConfig): Promise<JwtTokenVerifier> {
  const { JWT_HS256_SECRET, JWT_JWKS_URL, JWT_PUBLIC_KEY } = config;
  const isConfigured = [JWT_HS256_SECRET, JWT_JWKS_URL, JWT_PUBLIC_KEY].some((key) => key !== undefined);
  const secret = isConfigured ? JWT_HS256_SECRET : await developmentSecret(config.DATA_DIR);
  return new JwtTokenVerifier(
    {
      ...(secret === undefined ? {} : { secret }),
      ...(JWT_PUBLIC_KEY === undefined ? {} : { publicKeyPem: JWT_PUBLIC_KEY }),
      ...(JWT_JWKS_URL === undefined ? {} : { remote: new RemoteKeys(new URL(JWT_JWKS_URL)) }),
    },
    {
      requiresExpiry: config.JWT_REQUIRE_EXP || config.NODE_ENV === 'production',
      issuer: config.JWT_ISSUER,
      audience: config.JWT_AUDIENCE,
    },
  );
}
