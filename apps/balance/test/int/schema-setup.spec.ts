import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from '@steelyard/platform/postgres';
import { useDatabase } from '@steelyard/testing/postgres';
import { ExpiredKeyRepository } from '../../src/infrastructure/postgres/expired-key.repository.js';
import { PurgeExpiredKeysHandler } from '../../src/application/purge-expired-keys/purge-expired-keys.handler.js';
import { DeploymentMismatchError, setUpSchema } from '../../src/infrastructure/postgres/schema-setup.js';
import { loadConfig } from '../../src/config.js';
import * as commands from '../support/commands.js';
import { testEngine } from '../support/test-engine.js';
import { connect, superuserPool, useBalanceDatabase } from '../support/use-balance-database.js';

const CHOICE = { buckets: 8, defaultCurrency: 'EUR' };

describe('setting up the schema', () => {
  let superuser: Pool;
  // Before the database's own hook: connections end before it is dropped.
  afterAll(() => superuser.end());
  const database = useDatabase();
  beforeAll(() => {
    superuser = superuserPool(database.url);
  });

  it('refuses a number of buckets that ids cannot hold, before it changes anything', async () => {
    await expect(setUpSchema(database.url, { ...CHOICE, buckets: 4_097 })).rejects.toThrow('BUCKETS');
    const { rows } = await superuser.query(`select from pg_namespace where nspname = 'balance'`);
    expect(rows).toEqual([]);
  });

  it('is done once when several processes start at once', async () => {
    await Promise.all(Array.from({ length: 4 }, () => setUpSchema(database.url, CHOICE)));
    const { rows } = await superuser.query<{ heads: number; deployments: number }>(
      `select (select count(*)::int from balance.heads) as heads,
              (select count(*)::int from balance.deployment) as deployments`,
    );
    expect(rows).toEqual([{ heads: 8, deployments: 1 }]);
  });

  it('gives the deployment one id for ever, also when several start where there was none', async () => {
    const ids = async (): Promise<unknown[]> =>
      (await superuser.query<Record<string, unknown>>('select deployment_id from balance.deployment')).rows;
    const [first] = await ids();
    expect(first).toEqual({
      deployment_id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    });
    await setUpSchema(database.url, CHOICE);
    expect(await ids()).toEqual([first]);
    // As the release before leaves it.
    await superuser.query('update balance.deployment set deployment_id = null');
    const seen = await Promise.all(
      Array.from({ length: 4 }, async () => {
        await setUpSchema(database.url, CHOICE);
        return ids();
      }),
    );
    const [second] = await ids();
    expect(second).not.toEqual({ deployment_id: null });
    expect(second).not.toEqual(first);
    expect(seen).toEqual(Array.from({ length: 4 }, () => [second]));
  });

  it('changes nothing the next time', async () => {
    const connections = await connect(database.url);
    try {
      const { execute } = testEngine(connections);
      await execute(commands.submission(commands.deposit('alice', 5n), CHOICE.buckets));
      await setUpSchema(database.url, CHOICE);
      const { rows } = await superuser.query<{ balance: bigint }>(
        `select balance from balance.accounts where account_id = 'alice'`,
      );
      expect(rows).toEqual([{ balance: 5n }]);
    } finally {
      await connections.close();
    }
  });

  it.each([
    ['BUCKETS', { ...CHOICE, buckets: 16 }],
    ['BUCKETS', { ...CHOICE, buckets: 4 }],
    ['DEFAULT_CURRENCY', { ...CHOICE, defaultCurrency: 'USD' }],
  ])('refuses another %s than the deployment began with, by its name', async (variable, choice) => {
    const refused = setUpSchema(database.url, choice);
    await expect(refused).rejects.toThrow(DeploymentMismatchError);
    await expect(refused).rejects.toThrow(variable);
  });
});

describe('the configuration', () => {
  const given = { DATABASE_URL: 'postgres://localhost/x' };

  it.each([
    ['BUCKETS', '0'],
    ['BUCKETS', '4097'],
    ['BUCKETS', '8.5'],
    ['DEFAULT_CURRENCY', 'usd'],
    ['DEFAULT_CURRENCY', 'NOPE'],
    ['BALANCE_GRPC_PORT', '70000'],
    ['BALANCE_LANES', '0'],
    ['BALANCE_BATCH_COMMANDS_MAX', '5001'],
    ['IDEMPOTENCY_TTL_MS', '-1'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['TRANSPORT', 'carrier-pigeon'],
    ['TRANSPORT', 'nats'],
  ])('refuses %s=%s by the name of the variable', (variable, value) => {
    expect(() => loadConfig({ ...given, [variable]: value })).toThrow(
      variable === 'TRANSPORT' && value === 'nats' ? 'NATS_URL' : variable,
    );
  });
});

describe('purging expired keys', () => {
  const database = useBalanceDatabase();
  const storedKeys = async (): Promise<number> => {
    const { rows } = await database.superuser.query<{ count: number }>(
      'select count(*)::int as count from balance.idempotency',
    );
    return rows[0]?.count ?? 0;
  };
  /** Keys of no command, as many as there would be after hours of traffic. */
  const fill = (count: number, expiresAtMs: number) =>
    database.superuser.query(
      `insert into balance.idempotency (bucket, slot, fingerprint, outcome, expires_at_ms)
       select n % 8, gen_random_uuid(), '\\x00', '{}', $2 from generate_series(1, $1::int) as n`,
      [count, expiresAtMs],
    );

  it('takes out what has expired, in slices, and nothing else', async () => {
    await fill(12_000, 1_000);
    await fill(7, 1_001);
    const keys = new ExpiredKeyRepository(database.connections.pool);
    expect(await keys.deleteBefore(1_001, 5_000)).toBe(5_000);
    expect(await storedKeys()).toBe(7_007);
    expect(await new PurgeExpiredKeysHandler(keys, () => 1_001).execute()).toBe(7_000);
    expect(await storedKeys()).toBe(7);
    expect(await new PurgeExpiredKeysHandler(keys, () => 1_002).execute()).toBe(7);
  });

  it('is safe with replicas that do the same at once', async () => {
    await fill(12_000, 1_000);
    const handlers = [1, 2, 3].map(
      () => new PurgeExpiredKeysHandler(new ExpiredKeyRepository(database.connections.pool), () => 2_000),
    );
    const deleted = await Promise.all(handlers.map((handler) => handler.execute()));
    expect(deleted.reduce((sum, rows) => sum + rows, 0)).toBe(12_000);
    expect(await storedKeys()).toBe(0);
  });

  it('lets a key be used again when it is gone', async () => {
    const { execute } = testEngine(database.connections);
    const command = commands.submission(commands.deposit('alice', 5n), database.buckets);
    await execute(command);
    await database.superuser.query('update balance.idempotency set expires_at_ms = 0');
    await new PurgeExpiredKeysHandler(new ExpiredKeyRepository(database.connections.pool), () =>
      Date.now(),
    ).execute();
    const restarted = testEngine(await database.connect());
    expect(await restarted.execute(command)).toMatchObject([{ isReplayed: false }]);
  });
});
