import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditV1 } from '@steelyard/contracts/grpc';
import { createLogger } from '@steelyard/platform/observability';
import { OutageError } from '@steelyard/platform/outage';
import {
  ApiKeyAuthenticator,
  ApiKeyDatabase,
  ApiKeyRepository,
  generateKey,
  hashSecret,
  ManageApiKeysHandler,
  type ApiKey,
} from '@steelyard/rest/api-keys';
import { edgeEvent } from '@steelyard/rest/audit';
import { useDatabase } from '@steelyard/testing/postgres';
import { eventually } from '@steelyard/testing/wait';

const database = useDatabase();
const logger = createLogger('test', 'silent');
let connection: ApiKeyDatabase;
let store: ApiKeyRepository;

beforeAll(async () => {
  connection = new ApiKeyDatabase(
    { url: database.url, role: 'steelyard_gateway', sizeMax: 2, applicationName: 'test' },
    logger,
  );
  store = new ApiKeyRepository(connection);
  connection.start();
  await eventually(() => connection.keys().query('select 1'));
});
afterAll(() => connection.stop());

const boss = {
  caller: { kind: 'token', subject: 'boss', roles: ['operator'] },
  origin: { correlationId: 'c-1', address: '192.0.2.7', userAgent: 'curl/8' },
} as const;

function toldOf(action: string) {
  return edgeEvent(boss, { action });
}

/** What the outbox holds of one action, oldest first. */
async function outbox(action: string): Promise<auditV1.AuditEvent[]> {
  const rows: { event: Buffer }[] = await connection
    .manager()
    .query('select event from gateway.audit_outbox order by event_id');
  return rows.map(({ event }) => auditV1.AuditEvent.decode(event)).filter((event) => event.action === action);
}

function keyCreatedAt(createdAtMs: number, more: Partial<ApiKey> = {}): ApiKey {
  const { keyId, secret } = generateKey();
  const secretHash = hashSecret(secret);
  return {
    keyId,
    name: 'game',
    scopes: ['accounts:read'],
    secretHash,
    createdBy: 'boss',
    createdAtMs,
    ...more,
  };
}

describe('API keys in PostgreSQL', () => {
  it('are found as they were inserted', async () => {
    const key = keyCreatedAt(1_700_000_000_123, { expiresAtMs: 1_900_000_000_456 });
    await store.insert(key, toldOf('API_KEY_CREATED'));
    expect(await store.find(key.keyId)).toEqual({ ...key, secretHash: Buffer.from(key.secretHash) });
    expect(await store.find('unknown')).toBeUndefined();
  });

  it('are listed newest first, page by page', async () => {
    const keys = [3, 1, 2, 2].map((second) => keyCreatedAt(4_000_000_000_000 + second * 1_000));
    for (const key of keys) await store.insert(key, toldOf('API_KEY_CREATED'));
    const first = await store.list({ limit: 2 });
    const second = await store.list({ limit: 2, beforeKeyId: first[1]?.keyId ?? '' });
    expect([...first, ...second].map(({ createdAtMs }) => createdAtMs - 4_000_000_000_000)).toEqual([
      3_000, 2_000, 2_000, 1_000,
    ]);
    expect(new Set([...first, ...second].map(({ keyId }) => keyId)).size).toBe(4);
  });

  it('keep the time at which they were revoked first', async () => {
    const key = keyCreatedAt(1_700_000_000_000);
    await store.insert(key, toldOf('API_KEY_CREATED'));
    expect(await store.revoke(key.keyId, 1_700_000_001_000, toldOf('API_KEY_REVOKED'))).toBe(true);
    expect(await store.revoke(key.keyId, 1_700_000_002_000, toldOf('API_KEY_REVOKED'))).toBe(true);
    expect(await store.revoke('unknown', 1_700_000_002_000, toldOf('API_KEY_REVOKED'))).toBe(false);
    expect((await store.find(key.keyId))?.revokedAtMs).toBe(1_700_000_001_000);
  });

  it('are told to the audit trail together with their creation and their first revocation', async () => {
    const key = keyCreatedAt(1_700_000_000_000);
    const created = toldOf('CREATED_TOGETHER');
    await store.insert(key, created);
    await expect(store.insert(key, toldOf('CREATED_TOGETHER'))).rejects.toThrow();
    expect(await outbox('CREATED_TOGETHER')).toEqual([created]);
    const revoked = toldOf('REVOKED_TOGETHER');
    await store.revoke(key.keyId, 1_700_000_001_000, revoked);
    await store.revoke(key.keyId, 1_700_000_002_000, toldOf('REVOKED_TOGETHER'));
    await store.revoke('unknown', 1_700_000_002_000, toldOf('REVOKED_TOGETHER'));
    expect(await outbox('REVOKED_TOGETHER')).toEqual([revoked]);
  });

  it('are worked with as the role of the gateway', async () => {
    expect(await connection.keys().query('select current_user as who')).toEqual([
      { who: 'steelyard_gateway' },
    ]);
  });

  it('are an outage while there is no database', async () => {
    const away = new ApiKeyRepository(
      new ApiKeyDatabase({ url: database.url, role: undefined, sizeMax: 1, applicationName: 'test' }, logger),
    );
    await expect(away.find('x')).rejects.toBeInstanceOf(OutageError);
  });
});

describe('an API key', () => {
  const authenticator = (): ApiKeyAuthenticator =>
    new ApiKeyAuthenticator(store, (error) => {
      throw error;
    });
  it('opens what its scopes say until it is revoked, and its use is noted', async () => {
    const keys = authenticator();
    const handler = new ManageApiKeysHandler(store, keys);
    const created = await handler.create(boss, {
      name: 'game',
      scopes: ['ledger:read', 'accounts:read'],
    });
    if (created.kind === 'refused') throw new Error(created.message);
    const { keyId } = created.key;
    const credentials = `${keyId}.${created.secret}`;
    expect(await keys.authenticate(credentials)).toEqual({
      kind: 'apiKey',
      keyId,
      scopes: ['accounts:read', 'ledger:read'],
    });
    await eventually(async () => expect((await store.find(keyId))?.lastUsedAtMs).toBeGreaterThan(0));
    expect(await handler.revoke(boss, keyId)).toBeUndefined();
    expect(await keys.authenticate(credentials)).toMatchObject({ code: 'INVALID_TOKEN' });
  });

  it('opens nothing with another secret, after its time, or when nobody made it', async () => {
    const keys = authenticator();
    const { keyId, secret } = generateKey();
    expect(await keys.authenticate(`${keyId}.${secret}`)).toMatchObject({ code: 'INVALID_TOKEN' });
    await store.insert(
      keyCreatedAt(1_000, {
        keyId: `${keyId.slice(0, 11)}-`,
        secretHash: hashSecret(secret),
        expiresAtMs: 2_000,
      }),
      toldOf('API_KEY_CREATED'),
    );
    expect(await keys.authenticate(`${keyId.slice(0, 11)}-.${secret}`)).toMatchObject({
      code: 'INVALID_TOKEN',
    });
    expect(await keys.authenticate('x.y')).toMatchObject({ code: 'INVALID_TOKEN' });
  });

  it('cannot be made to have expired already', async () => {
    const handler = new ManageApiKeysHandler(store, authenticator());
    const request = { name: 'late', scopes: ['accounts:read'] as const, expiresAt: 1_000n };
    expect(await handler.create(boss, request)).toMatchObject({
      code: 'INVALID_REQUEST',
      field: 'expiresAt',
    });
  });
});
