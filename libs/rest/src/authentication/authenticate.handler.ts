import { hash } from 'node:crypto';
import { knownRoles, type Caller } from '../access/caller.js';
import type { TokenVerifierPort } from './token-verifier.port.js';
import { isRefused, refused, type Refused } from '../refusals/refused.js';
import type { ApiKeyAuthenticator } from '../api-keys/api-key-authenticator.js';
import { BoundedCache } from './bounded-cache.js';

/** A token whose key was withdrawn may still be taken for so long. */
const CACHED_MS = 60_000;
/** One entry is about 300 bytes. */
const CACHED_TOKENS_MAX = 50_000;
/** No honest token is longer, and hashing what is would be work for nothing. */
const CREDENTIALS_LENGTH_MAX = 8_192;
const AUTHORIZATION_PATTERN = /^(Bearer|ApiKey) +([\x21-\x7e]+)$/i;

/** Finds out who sends a request. */
export class AuthenticateHandler {
  readonly #callers = new BoundedCache<Caller>(CACHED_TOKENS_MAX);

  constructor(
    private readonly tokens: TokenVerifierPort,
    private readonly apiKeys: ApiKeyAuthenticator,
  ) {}

  /** The caller behind an Authorization header. Throws an outage when the credentials cannot be checked. */
  async execute(authorization: string | undefined): Promise<Caller | Refused> {
    if (authorization === undefined || authorization === '') {
      return refused(
        'UNAUTHENTICATED',
        'Send an Authorization header: Bearer <token> or ApiKey <id>.<secret>',
      );
    }
    const credentials =
      authorization.length > CREDENTIALS_LENGTH_MAX ? null : AUTHORIZATION_PATTERN.exec(authorization);
    const [, scheme, text] = credentials ?? [];
    if (scheme === undefined || text === undefined) {
      return refused(
        'INVALID_TOKEN',
        'The Authorization header must be Bearer <token> or ApiKey <id>.<secret>',
      );
    }
    return scheme.toLowerCase() === 'bearer' ? this.#bearer(text) : this.apiKeys.authenticate(text);
  }

  async #bearer(token: string): Promise<Caller | Refused> {
    // The token itself is not kept: a dump of this process must not be a bunch of keys.
    const cacheKey = hash('sha256', token, 'base64');
    const nowMs = Date.now();
    const cached = this.#callers.get(cacheKey, nowMs);
    if (cached) return cached;
    const claims = await this.tokens.verify(token);
    if (isRefused(claims)) return claims;
    const caller: Caller = { kind: 'token', subject: claims.subject, roles: knownRoles(claims.roles) };
    this.#callers.set(cacheKey, caller, Math.min(nowMs + CACHED_MS, claims.expiresAtMs ?? Infinity));
    return caller;
  }
}
