import type { auditV1 } from '@steelyard/contracts/grpc';
import { isOutage, OutageError } from '@steelyard/platform/postgres';
import { IsNull } from 'typeorm';
import { SCOPES, type Scope } from '../access/caller.js';
import { ApiKeyStore, type ApiKey } from './api-key-store.port.js';
import type { ApiKeyDatabase } from './api-key-database.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { addAuditEvents } from '../audit/audit-outbox.repository.js';

/** API keys in PostgreSQL. Few and rarely read, thanks to the cache before them: TypeORM is fast enough. */
export class ApiKeyRepository extends ApiKeyStore {
  constructor(private readonly database: ApiKeyDatabase) {
    super();
  }

  insert(key: ApiKey, event: auditV1.AuditEvent): Promise<void> {
    return outagesTold(() =>
      this.database.manager().transaction('READ COMMITTED', async (manager) => {
        await manager.insert(ApiKeyEntity, {
          keyId: key.keyId,
          name: key.name,
          scopes: [...key.scopes],
          secretHash: Buffer.from(key.secretHash),
          createdBy: key.createdBy,
          createdAt: new Date(key.createdAtMs),
          expiresAt: key.expiresAtMs === undefined ? null : new Date(key.expiresAtMs),
        });
        await addAuditEvents(manager, [event]);
      }),
    );
  }

  find(keyId: string): Promise<ApiKey | undefined> {
    return outagesTold(async () => {
      const row = await this.database.keys().findOneBy({ keyId });
      return row ? keyOf(row) : undefined;
    });
  }

  /** Served by api_keys_by_creation; keys of the same millisecond are ordered by id. */
  list({ limit, beforeKeyId }: { limit: number; beforeKeyId?: string }): Promise<readonly ApiKey[]> {
    return outagesTold(async () => {
      const query = this.database
        .keys()
        .createQueryBuilder('k')
        .orderBy({ 'k.createdAt': 'DESC', 'k.keyId': 'DESC' })
        .limit(limit);
      if (beforeKeyId !== undefined) {
        const place = 'select b.created_at, b.key_id from gateway.api_keys b where b.key_id = :beforeKeyId';
        query.where(`(k.created_at, k.key_id) < (${place})`, { beforeKeyId });
      }
      return (await query.getMany()).map(keyOf);
    });
  }

  revoke(keyId: string, revokedAtMs: number, event: auditV1.AuditEvent): Promise<boolean> {
    return outagesTold(() =>
      this.database.manager().transaction('READ COMMITTED', async (manager) => {
        const revokedAt = new Date(revokedAtMs);
        const { affected } = await manager.update(
          ApiKeyEntity,
          { keyId, revokedAt: IsNull() },
          { revokedAt },
        );
        if (affected !== 1) return manager.existsBy(ApiKeyEntity, { keyId });
        await addAuditEvents(manager, [event]);
        return true;
      }),
    );
  }

  touch(keyId: string, usedAtMs: number): Promise<void> {
    return outagesTold(async () => {
      await this.database.keys().update({ keyId }, { lastUsedAt: new Date(usedAtMs) });
    });
  }
}

function keyOf(row: ApiKeyEntity): ApiKey {
  return {
    keyId: row.keyId,
    name: row.name,
    scopes: row.scopes.filter(isScope),
    secretHash: row.secretHash,
    createdBy: row.createdBy,
    createdAtMs: row.createdAt.getTime(),
    ...(row.expiresAt && { expiresAtMs: row.expiresAt.getTime() }),
    ...(row.revokedAt && { revokedAtMs: row.revokedAt.getTime() }),
    ...(row.lastUsedAt && { lastUsedAtMs: row.lastUsedAt.getTime() }),
  };
}

/** A scope that this version does not know opens nothing. */
function isScope(text: string): text is Scope {
  return SCOPES.some((scope) => scope === text);
}

async function outagesTold<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isOutage(error)) throw new OutageError('the API keys cannot be reached', { cause: error });
    throw error;
  }
}
