import type { ApiKey } from '@steelyard/rest/api-keys';

/** A key without its secret. */
export function presentApiKey(key: ApiKey) {
  return {
    id: key.keyId,
    name: key.name,
    scopes: key.scopes,
    createdBy: key.createdBy,
    createdAt: new Date(key.createdAtMs).toISOString(),
    expiresAt: isoOrNull(key.expiresAtMs),
    revokedAt: isoOrNull(key.revokedAtMs),
    lastUsedAt: isoOrNull(key.lastUsedAtMs),
  };
}

function isoOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
