import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  createPool,
  ensureRole,
  sqlStateOf,
  TimePartitions,
  timePartitionsSql,
  type Pool,
  type TimePartitionedTable,
} from '../src/postgres/index.js';
import { useDatabase } from '@steelyard/testing/postgres';

/** So long that none begins while a test runs. */
const PERIOD_MS = 100 * 86_400_000;
const RETENTION_MS = 24 * PERIOD_MS;
const TABLE: TimePartitionedTable = {
  schema: 'app',
  table: 'log',
  periodMs: PERIOD_MS,
  retentionMinMs: RETENTION_MS,
};
const ROLE = `partitions_spec_${process.pid}`;
const POOL = {
  applicationName: 'partitions spec',
  statementTimeoutMs: 120_000,
  connectTimeoutMs: 60_000,
  sizeMax: 8,
};

let owner: Pool;
let app: Pool;
let partitions: TimePartitions;
// Before the database's own hook: connections end before it is dropped.
afterAll(async () => {
  await app.end();
  await owner.query(`drop owned by ${ROLE}; drop role ${ROLE}`);
  await owner.end();
});
const database = useDatabase();

async function withOwner(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  owner = createPool({ url: database.url, ...POOL });
  await owner.query('create schema app');
  await withOwner((client) => ensureRole(client, ROLE, ['usage on schema app']));
  app = createPool({ url: database.url, role: ROLE, ...POOL });
  partitions = new TimePartitions(app, TABLE);
});

beforeEach(async () => {
  await owner.query(`
    drop table if exists app.log;
    drop function if exists app.add_partitions_of_log(), app.drop_partition_of_log(bigint);
    create table app.log (at_ms bigint not null, bucket smallint not null, primary key (bucket, at_ms))
      partition by range (at_ms);
    ${timePartitionsSql(TABLE)}
    grant select, insert on app.log to ${ROLE};
    grant execute on all functions in schema app to ${ROLE}`);
});

const periodOf = (atMs: number): number => Math.floor(atMs / PERIOD_MS) * PERIOD_MS;
const write = (atMs: number) => app.query('insert into app.log values ($1, 1)', [atMs]);

async function bounds(): Promise<string[]> {
  const { rows } = await owner.query<{ bound: string }>(
    `select pg_get_expr(relpartbound, oid) as bound from pg_class
     where oid in (select inhrelid from pg_inherits where inhparent = 'app.log'::regclass) order by 1`,
  );
  return rows.map(({ bound }) => bound);
}

/** A partition as a run in the past would have made it. */
const addPast = (ageMs: number): Promise<unknown> => {
  const fromMs = periodOf(Date.now() - ageMs);
  return owner.query(
    `create table app.log_${fromMs} partition of app.log for values from (${fromMs}) to (${fromMs + PERIOD_MS})`,
  );
};

describe('timePartitionsSql', () => {
  it('leaves a table that takes rows of now and of the periods to come', async () => {
    const now = Date.now();
    await write(now);
    await write(now + 3 * PERIOD_MS);
    expect(await bounds()).toHaveLength(4);
    expect((await app.query('select from app.log')).rowCount).toBe(2);
  });

  it('covers time without holes or overlaps', async () => {
    const fromMs = periodOf(Date.now());
    const expected = [0, 1, 2, 3].map((i) => {
      const start = fromMs + i * PERIOD_MS;
      return `FOR VALUES FROM ('${start}') TO ('${start + PERIOD_MS}')`;
    });
    expect(await bounds()).toEqual(expected);
  });

  it.each([
    ['schema', { ...TABLE, schema: 'app; drop' }],
    ['table', { ...TABLE, table: 'Log' }],
    ['period', { ...TABLE, periodMs: 90_001 }],
    ['least retention', { ...TABLE, retentionMinMs: -1 }],
  ])('refuses a %s that is none', (_what, table) => {
    expect(() => timePartitionsSql(table)).toThrow();
  });
});

describe('TimePartitions', () => {
  it('makes what is missing, and nothing the next time', async () => {
    const made = await bounds();
    await owner.query(`
      do $$ declare child regclass; begin
        for child in select inhrelid::regclass from pg_inherits where inhparent = 'app.log'::regclass loop
          execute format('drop table %s', child);
        end loop;
      end $$`);
    await expect(write(Date.now())).rejects.toMatchObject({ code: '23514' });
    expect(await partitions.maintain(RETENTION_MS)).toEqual({ created: 4, dropped: 0, isPostponed: false });
    expect(await partitions.maintain(RETENTION_MS)).toEqual({ created: 0, dropped: 0, isPostponed: false });
    expect(await bounds()).toEqual(made);
  });

  it('drops what is wholly older than the retention, and keeps what is partly within it', async () => {
    await addPast(40 * PERIOD_MS);
    await addPast(50 * PERIOD_MS);
    await addPast(30 * PERIOD_MS);
    await write(Date.now() - 40 * PERIOD_MS);
    expect(await partitions.maintain(40 * PERIOD_MS)).toMatchObject({ dropped: 1 });
    expect((await app.query('select from app.log')).rowCount).toBe(1);
    expect(await partitions.maintain(25 * PERIOD_MS)).toMatchObject({ dropped: 2 });
    expect(await bounds()).toHaveLength(4);
  });

  it('never drops what is younger than the table allows, whatever it is asked for', async () => {
    await addPast(20 * PERIOD_MS);
    expect(await partitions.maintain(0)).toMatchObject({ dropped: 0 });
    expect(await partitions.maintain(-100 * RETENTION_MS)).toMatchObject({ dropped: 0 });
    expect(await bounds()).toHaveLength(5);
  });

  it('does it once when several processes do it at once', async () => {
    await addPast(30 * PERIOD_MS);
    const runs = await Promise.all(Array.from({ length: 6 }, () => partitions.maintain(RETENTION_MS)));
    expect(runs.reduce((sum, { dropped }) => sum + dropped, 0)).toBe(1);
    expect(runs.filter(({ isPostponed }) => isPostponed)).toEqual([]);
  });

  it('gives way to a reader who does not end, holds nobody up, and drops the next time', async () => {
    await addPast(30 * PERIOD_MS);
    await withOwner(async (reader) => {
      await reader.query('begin; select count(*) from app.log');
      const run = partitions.maintain(RETENTION_MS);
      // While the reader goes on.
      await write(Date.now() + 1);
      expect(await run).toMatchObject({ dropped: 0, isPostponed: true });
      await reader.query('rollback');
    });
    expect(await partitions.maintain(RETENTION_MS)).toMatchObject({ dropped: 1, isPostponed: false });
  });

  it('adds a partition beside a writer who does not end', async () => {
    await owner.query(
      `drop table app.log_${new Date(periodOf(Date.now()) + 3 * PERIOD_MS).toISOString().slice(0, 16).replaceAll('-', '').replace('T', '_').replace(':', '')}`,
    );
    await withOwner(async (writer) => {
      await writer.query('begin');
      await writer.query('insert into app.log values ($1, 2)', [Date.now()]);
      expect(await partitions.maintain(RETENTION_MS)).toMatchObject({ created: 1, isPostponed: false });
      await writer.query('commit');
    });
  });

  it('leaves the role without the right to create or drop by itself', async () => {
    const failure: unknown = await app.query('drop table app.log').catch((error: unknown) => error);
    expect(sqlStateOf(failure)).toBe('42501');
  });
});
