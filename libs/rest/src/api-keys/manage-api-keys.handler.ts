import { callerName, type Scope } from '../access/caller.js';
import { edgeEvent, type Actor } from '../audit/edge-event.js';
import type { ApiKeyAuthenticator } from './api-key-authenticator.js';
import type { ApiKey, ApiKeyStore } from './api-key-store.port.js';
import { refused, type Refused } from '../refusals/refused.js';
import { generateKey, hashSecret, isKeyId } from './api-key-secret.js';

export interface CreateApiKeyRequest {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Milliseconds since 1970-01-01 UTC. */
  readonly expiresAt?: bigint | undefined;
}

/** A key that was made now; the only time that its secret is seen. */
export interface CreatedApiKey {
  readonly kind: 'created';
  readonly key: ApiKey;
  readonly secret: string;
}

/** Makes, lists and revokes the keys of machines. */
export class ManageApiKeysHandler {
  constructor(
    private readonly store: ApiKeyStore,
    private readonly authenticator: ApiKeyAuthenticator,
  ) {}

  async create(actor: Actor, request: CreateApiKeyRequest): Promise<CreatedApiKey | Refused> {
    const createdAtMs = Date.now();
    if (request.expiresAt !== undefined && request.expiresAt <= BigInt(createdAtMs)) {
      return refused('INVALID_REQUEST', 'expiresAt must lie in the future', 'expiresAt');
    }
    const { keyId, secret } = generateKey();
    const key: ApiKey = {
      keyId,
      name: request.name,
      scopes: [...new Set(request.scopes)].sort(),
      secretHash: hashSecret(secret),
      createdBy: callerName(actor.caller),
      createdAtMs,
      // A time in milliseconds is far below 2^53.
      ...(request.expiresAt === undefined
        ? {}
        : { expiresAtMs: Number.parseInt(request.expiresAt.toString(), 10) }),
    };
    const { name, scopes, expiresAtMs } = key;
    const expiresAt = expiresAtMs === undefined ? {} : { expiresAt: new Date(expiresAtMs).toISOString() };
    const detail = { keyId, name, scopes, ...expiresAt };
    await this.store.insert(key, edgeEvent(actor, { action: 'API_KEY_CREATED', detail }));
    return { kind: 'created', key, secret };
  }

  /** Newest first, those created before the key `cursor` when given. */
  async list({
    limit,
    cursor,
  }: {
    limit: number;
    cursor?: string | undefined;
  }): Promise<readonly ApiKey[] | Refused> {
    if (cursor === undefined) return this.store.list({ limit });
    if (isKeyId(cursor) && (await this.store.find(cursor)))
      return this.store.list({ limit, beforeKeyId: cursor });
    return refused('INVALID_CURSOR', 'cursor is none that this list returned', 'cursor');
  }

  /** The key opens nothing from now on here, and within seconds everywhere. */
  async revoke(actor: Actor, keyId: string): Promise<Refused | undefined> {
    const event = edgeEvent(actor, { action: 'API_KEY_REVOKED', detail: { keyId } });
    const isKnown = isKeyId(keyId) && (await this.store.revoke(keyId, Date.now(), event));
    this.authenticator.forget(keyId);
    return isKnown ? undefined : refused('NOT_FOUND', 'There is no such API key');
  }
}
