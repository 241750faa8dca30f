import type { Caller } from '../access/caller.js';
import { isSecret, parseCredentials } from './api-key-secret.js';
import type { ApiKey, ApiKeyStore } from './api-key-store.port.js';
import { refused, type Refused } from '../refusals/refused.js';
import { BoundedCache } from '../authentication/bounded-cache.js';

/** A key that another gateway revoked may still open this one for so long. */
const CACHED_MS = 10_000;
/** One entry is a few hundred bytes. */
const CACHED_KEYS_MAX = 10_000;
/** How exact lastUsedAt is: one write a key and minute, not one a request. */
const TOUCH_EVERY_MS = 60_000;

const INVALID = refused('INVALID_TOKEN', 'The API key is not valid');

/** Proves API keys. */
export class ApiKeyAuthenticator {
  readonly #cache = new BoundedCache<ApiKey | 'unknown'>(CACHED_KEYS_MAX);
  readonly #touched = new BoundedCache<true>(CACHED_KEYS_MAX);

  /** @param onTouchFailed told when lastUsedAt could not be written; the request goes on. */
  constructor(
    private readonly store: ApiKeyStore,
    private readonly onTouchFailed: (error: unknown) => void,
  ) {}

  /** The caller behind `<id>.<secret>`. Throws an outage when the keys cannot be read. */
  async authenticate(credentials: string): Promise<Caller | Refused> {
    const parsed = parseCredentials(credentials);
    if (!parsed) return INVALID;
    const nowMs = Date.now();
    const key = await this.#find(parsed.keyId, nowMs);
    if (!key || !isSecret(parsed.secret, key.secretHash)) return INVALID;
    if (key.revokedAtMs !== undefined) return INVALID;
    if (key.expiresAtMs !== undefined && key.expiresAtMs <= nowMs) return INVALID;
    this.#touch(key.keyId, nowMs);
    return { kind: 'apiKey', keyId: key.keyId, scopes: key.scopes };
  }

  /** Reads the key anew next time. */
  forget(keyId: string): void {
    this.#cache.delete(keyId);
  }

  async #find(keyId: string, nowMs: number): Promise<ApiKey | undefined> {
    const cached = this.#cache.get(keyId, nowMs);
    if (cached !== undefined) return cached === 'unknown' ? undefined : cached;
    const key = await this.store.find(keyId);
    this.#cache.set(keyId, key ?? 'unknown', nowMs + CACHED_MS);
    return key;
  }

  #touch(keyId: string, nowMs: number): void {
    if (this.#touched.get(keyId, nowMs)) return;
    this.#touched.set(keyId, true, nowMs + TOUCH_EVERY_MS);
    this.store.touch(keyId, nowMs).catch(this.onTouchFailed);
  }
}
