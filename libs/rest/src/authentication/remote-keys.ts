import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { OutageError } from '@steelyard/platform/outage';

/** A key that was withdrawn may still be taken for so long. */
const CACHE_MS = 600_000;
/** Tokens with made-up key ids must not make this process fetch more often. */
const COOLDOWN_MS = 30_000;
const FETCH_TIMEOUT_MS = 5_000;
/** After a failed fetch, callers are told to come back instead of each starting another one. */
const FAILURE_COOLDOWN_MS = 2_000;

/** The public keys of a token issuer, fetched over HTTP and kept for a while. */
export class RemoteKeys {
  readonly #keySet: JWTVerifyGetKey;
  #failure: unknown;
  #failedUntilMs = 0;

  constructor(url: URL) {
    this.#keySet = createRemoteJWKSet(url, {
      cacheMaxAge: CACHE_MS,
      cooldownDuration: COOLDOWN_MS,
      timeoutDuration: FETCH_TIMEOUT_MS,
    });
  }

  /** The key that a token names. Throws an outage when the issuer cannot be asked. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (Date.now() < this.#failedUntilMs) throw outage(this.#failure);
    try {
      return await this.#keySet(header, token);
    } catch (error) {
      if (isAboutToken(error)) throw error;
      this.#failure = error;
      this.#failedUntilMs = Date.now() + FAILURE_COOLDOWN_MS;
      throw outage(error);
    }
  };
}

/** The issuer answered well, but has no key for this token. */
function isAboutToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

function outage(cause: unknown): OutageError {
  return new OutageError('the keys of the token issuer cannot be fetched', { cause });
}
