import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createDataSource,
  createPool,
  ensureRole,
  migrate,
  OutageError,
  RoleSetupError,
  sqlMigration,
  type Pool,
} from '../src/postgres/index.js';
import { startPostgres, useDatabase } from '@steelyard/testing/postgres';

const database = useDatabase();
const POOL = {
  applicationName: 'migrate spec',
  statementTimeoutMs: 120_000,
  connectTimeoutMs: 60_000,
  sizeMax: 4,
};

let pool: Pool;
beforeAll(() => {
  pool = createPool({ url: database.url, ...POOL });
});
afterAll(() => pool.end());

async function namesIn(schema: string): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(`select name from ${schema}.migrations order by id`);
  return rows.map(({ name }) => name);
}

describe('migrate', () => {
  const first = sqlMigration(1, 'first', 'create table one.a (n int8); insert into one.a values (1)');
  const second = sqlMigration(2, 'second', 'alter table one.a add m int8');
  const run = { schema: 'one', lockKey: 1 };

  it('runs what the schema has not seen, once, and remembers it in the schema', async () => {
    expect(await migrate(database.url, [first], run)).toEqual(['first-0000000000001']);
    expect(await migrate(database.url, [first, second], run)).toEqual(['second-0000000000002']);
    expect(await migrate(database.url, [first, second], run)).toEqual([]);
    expect(await namesIn('one')).toEqual(['first-0000000000001', 'second-0000000000002']);
  });

  it('runs each migration once when several processes start at the same time', async () => {
    const slow = sqlMigration(1, 'slow', 'create table two.a (n int8); select pg_sleep(0.2)');
    const next = sqlMigration(2, 'next', 'insert into two.a values (1)');
    const start = () => migrate(database.url, [slow, next], { schema: 'two', lockKey: 2 });
    const ran = await Promise.all([start(), start(), start()]);
    expect(ran.map((names) => names.length).toSorted()).toEqual([0, 0, 2]);
    expect((await pool.query('select n from two.a')).rows).toEqual([{ n: 1n }]);
  });

  it('leaves nothing behind when one of them fails, and frees the lock', async () => {
    const good = sqlMigration(1, 'good', 'create table three.a (n int8)');
    const bad = sqlMigration(2, 'bad', 'select 1 / 0');
    const third = { schema: 'three', lockKey: 3 };
    await expect(migrate(database.url, [good, bad], third)).rejects.toMatchObject({ code: '22012' });
    expect((await pool.query(`select from pg_namespace where nspname = 'three'`)).rowCount).toBe(0);
    expect(await migrate(database.url, [good], third)).toEqual(['good-0000000000001']);
  });

  it('waits for a server that is not up yet', async () => {
    const server = await startPostgres();
    try {
      await server.kill9();
      const waits: unknown[] = [];
      const waiting = migrate(server.url, [sqlMigration(1, 'a', 'create table late.a ()')], {
        schema: 'late',
        lockKey: 4,
        // Longer than a server takes to start on a busy machine.
        waitMs: 240_000,
        onWait: (error) => waits.push(error),
      });
      await server.restart();
      expect(await waiting).toEqual(['a-0000000000001']);
      expect(waits.length).toBeGreaterThan(0);
    } finally {
      await server.stop();
    }
  });

  it('gives up on a server that does not come', async () => {
    const run = migrate('postgres://u:p@127.0.0.1:1/x', [], { schema: 'none', lockKey: 5, waitMs: 300 });
    await expect(run).rejects.toBeInstanceOf(OutageError);
  });
});

describe('createDataSource', () => {
  it('reads int8 as bigint over TypeORM too', async () => {
    const source = createDataSource({ url: database.url, schema: 'public', ...POOL });
    await source.initialize();
    try {
      expect(await source.query('select 9007199254740993::int8 as n')).toEqual([
        { n: 9_007_199_254_740_993n },
      ]);
    } finally {
      await source.destroy();
    }
  });
});

describe('ensureRole', () => {
  beforeAll(async () => {
    await pool.query('create schema guarded; create table guarded.t (n int8)');
  });
  afterAll(async () => {
    await pool.query('drop schema guarded cascade');
    for (const role of ['migrate_spec_app', 'migrate_spec_other'])
      await pool.query(`drop role if exists ${role}`);
  });

  const GRANTS = ['usage on schema guarded', 'select on all tables in schema guarded'];

  it('creates the role with its grants, once, when several processes do it at the same time', async () => {
    const clients = await Promise.all([pool.connect(), pool.connect(), pool.connect()]);
    try {
      await Promise.all(clients.map((client) => ensureRole(client, 'migrate_spec_app', GRANTS)));
    } finally {
      clients.forEach((client) => client.release());
    }
    const asRole = createPool({ url: database.url, ...POOL, role: 'migrate_spec_app' });
    try {
      expect((await asRole.query('select count(*) as n from guarded.t')).rows).toEqual([{ n: 0n }]);
      await expect(asRole.query('insert into guarded.t values (1)')).rejects.toMatchObject({ code: '42501' });
    } finally {
      await asRole.end();
    }
  });

  async function asLogin<Result>(
    attributes: string,
    work: (limited: Pool) => Promise<Result>,
  ): Promise<Result> {
    await pool.query(`create role migrate_spec_login login password 'spec' ${attributes}`);
    await pool.query('grant usage, create on schema public to migrate_spec_login');
    const url = new URL(database.url);
    url.username = 'migrate_spec_login';
    url.password = 'spec';
    const limited = createPool({ ...POOL, url: url.href });
    try {
      return await work(limited);
    } finally {
      await limited.end();
      await pool.query('drop owned by migrate_spec_login cascade');
      await pool.query('drop role migrate_spec_login');
    }
  }

  it('tells the operator what to run when the login may not create roles', async () => {
    const failure = await asLogin('', async (limited) => {
      const client = await limited.connect();
      return ensureRole(client, 'migrate_spec_other', [])
        .catch((error: unknown) => error)
        .finally(() => client.release());
    });
    expect(failure).toBeInstanceOf(RoleSetupError);
    expect(failure).toMatchObject({
      message: expect.stringContaining('create role migrate_spec_other nologin'),
    });
  });

  it('lets a login that may create roles work as the new one', async () => {
    const role = await asLogin('createrole', async (limited) => {
      const client = await limited.connect();
      await ensureRole(client, 'migrate_spec_other', []).finally(() => client.release());
      const { rows } = await limited.query<{ may: boolean }>(
        `select pg_has_role(current_user, 'migrate_spec_other', 'SET') as may`,
      );
      return rows[0]?.may;
    });
    expect(role).toBe(true);
  });

  it('refuses a name that is not plain', async () => {
    const client = await pool.connect();
    await expect(ensureRole(client, 'x"; drop', [])).rejects.toThrow(TypeError);
    client.release();
  });
});
