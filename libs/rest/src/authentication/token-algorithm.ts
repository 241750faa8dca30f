import type { KeyObject } from 'node:crypto';

/** The one algorithm that a public key is for. */
export function algorithmOf(key: KeyObject): 'RS256' | 'ES256' {
  if (key.asymmetricKeyType === 'rsa') return 'RS256';
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ES256';
  throw new TypeError('a public key for tokens is RSA or on the curve P-256');
}
