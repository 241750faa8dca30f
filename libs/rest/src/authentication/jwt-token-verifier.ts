import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { OutageError } from '@steelyard/platform/outage';
import { TokenVerifierPort, type TokenClaims } from './token-verifier.port.js';
import { refused, type Refused } from '../refusals/refused.js';
import { algorithmOf } from './token-algorithm.js';
import type { RemoteKeys } from './remote-keys.js';

/** Clocks of the issuer and of this machine may differ by so much. */
const CLOCK_TOLERANCE_SECONDS = 5;
const SUBJECT_LENGTH_MAX = 255;
const ROLES_MAX = 32;

/** Where keys come from; each proves only the algorithms of its kind. */
export interface TokenKeys {
  /** For HS256. */
  readonly secret?: string;
  /** PEM, for RS256 or ES256, whichever the key is. */
  readonly publicKeyPem?: string;
  /** For RS256 and ES256. */
  readonly remote?: RemoteKeys;
}

export interface TokenRules {
  readonly requiresExpiry: boolean;
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
}

type Verification = (token: string, options: JWTVerifyOptions) => Promise<{ payload: JWTPayload }>;

/** Proves JSON Web Tokens. */
export class JwtTokenVerifier extends TokenVerifierPort {
  // By algorithm: a token cannot choose a key that was made for another one.
  readonly #verifications = new Map<string, Verification>();
  readonly #options: JWTVerifyOptions;

  constructor(keys: TokenKeys, rules: TokenRules) {
    super();
    const { secret, publicKeyPem, remote } = keys;
    if (secret !== undefined) this.#addKey('HS256', createSecretKey(Buffer.from(secret, 'utf8')));
    if (publicKeyPem !== undefined) {
      const key = createPublicKey(publicKeyPem);
      this.#addKey(algorithmOf(key), key);
    }
    if (remote) {
      for (const algorithm of ['RS256', 'ES256']) {
        this.#verifications.set(algorithm, (token, options) =>
          jwtVerify(token, remote.find, { ...options, algorithms: [algorithm] }),
        );
      }
    }
    this.#options = {
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: rules.requiresExpiry ? ['sub', 'exp'] : ['sub'],
      ...(rules.issuer === undefined ? {} : { issuer: rules.issuer }),
      ...(rules.audience === undefined ? {} : { audience: rules.audience }),
    };
  }

  async verify(token: string): Promise<TokenClaims | Refused> {
    try {
      const verification = this.#verifications.get(decodeProtectedHeader(token).alg ?? '');
      if (!verification)
        return refused('INVALID_TOKEN', 'The token is not signed with an accepted algorithm');
      const { payload } = await verification(token, this.#options);
      return claimsOf(payload);
    } catch (error) {
      if (error instanceof OutageError) throw error;
      if (error instanceof errors.JWTExpired) return refused('INVALID_TOKEN', 'The token has expired');
      // decodeProtectedHeader throws a TypeError for what is no token at all.
      if (error instanceof errors.JOSEError || error instanceof TypeError) {
        return refused('INVALID_TOKEN', 'The token is not valid');
      }
      throw error;
    }
  }

  #addKey(algorithm: string, key: KeyObject): void {
    this.#verifications.set(algorithm, (token, options) =>
      jwtVerify(token, key, { ...options, algorithms: [algorithm] }),
    );
  }
}

function claimsOf({ sub, roles, exp }: JWTPayload): TokenClaims | Refused {
  if (sub === undefined || sub === '' || sub.length > SUBJECT_LENGTH_MAX) {
    return refused('INVALID_TOKEN', `The token's sub must be 1 to ${SUBJECT_LENGTH_MAX} characters`);
  }
  if (roles !== undefined && !isRoleList(roles)) {
    return refused('INVALID_TOKEN', "The token's roles must be a list of texts");
  }
  return { subject: sub, roles: roles ?? [], ...(exp === undefined ? {} : { expiresAtMs: exp * 1_000 }) };
}

function isRoleList(roles: unknown): roles is string[] {
  return Array.isArray(roles) && roles.length <= ROLES_MAX && roles.every((role) => typeof role === 'string');
}
