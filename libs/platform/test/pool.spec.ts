import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createPool,
  inTransaction,
  isOutage,
  OutageError,
  sqlStateOf,
  type Pool,
} from '../src/postgres/index.js';
import { useDatabase } from '@steelyard/testing/postgres';
import { eventually } from '@steelyard/testing/wait';

const database = useDatabase();
/** Beyond any stall of a busy machine. */
const SETTINGS = {
  applicationName: 'pool spec',
  statementTimeoutMs: 120_000,
  connectTimeoutMs: 60_000,
  sizeMax: 4,
};

let pool: Pool;
beforeAll(() => {
  pool = createPool({ url: database.url, ...SETTINGS });
});
afterAll(() => pool.end());

describe('createPool', () => {
  it('reads int8 and int8[] as bigint, beyond what a number holds', async () => {
    const { rows } = await pool.query(
      `select 9007199254740993::int8 as one, array[1, null, -9223372036854775808]::int8[] as many, 7::int4 as small`,
    );
    expect(rows).toEqual([
      { one: 9_007_199_254_740_993n, many: [1n, null, -9_223_372_036_854_775_808n], small: 7 },
    ]);
  });

  it('writes bigint parameters and arrays', async () => {
    const { rows } = await pool.query('select $1::int8 as one, $2::int8[] as many', [
      9_007_199_254_740_993n,
      [1n, 2n],
    ]);
    expect(rows).toEqual([{ one: 9_007_199_254_740_993n, many: [1n, 2n] }]);
  });

  it('works as the role, under its name and with every timeout', async () => {
    await pool.query('create role pool_spec_role nologin');
    const asRole = createPool({ url: database.url, ...SETTINGS, role: 'pool_spec_role' });
    try {
      const { rows } = await asRole.query(
        `select current_user as role, current_setting('application_name') as app,
          current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
          current_setting('idle_in_transaction_session_timeout') as idle`,
      );
      expect(rows).toEqual([
        { role: 'pool_spec_role', app: 'pool spec', statement: '2min', lock: '1min', idle: '4min' },
      ]);
    } finally {
      await asRole.end();
      await pool.query('drop role pool_spec_role');
    }
  });

  it('tells an outage when a statement is ended for taking too long', async () => {
    const hasty = createPool({ url: database.url, ...SETTINGS, statementTimeoutMs: 50 });
    try {
      const failure = await hasty.query('select pg_sleep(5)').catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(OutageError);
      expect(sqlStateOf(failure)).toBe('57014');
    } finally {
      await hasty.end();
    }
  });

  it('leaves answers that are not about the server as they are', async () => {
    const failure = await pool.query('select 1 / 0').catch((error: unknown) => error);
    expect(failure).not.toBeInstanceOf(OutageError);
    expect(sqlStateOf(failure)).toBe('22012');
  });

  it('tells an outage when nothing listens', async () => {
    const nowhere = createPool({ ...SETTINGS, url: 'postgres://u:p@127.0.0.1:1/x' });
    await expect(nowhere.query('select 1')).rejects.toBeInstanceOf(OutageError);
    await nowhere.end();
  });

  it('tells an outage to whoever waits for a connection too long', async () => {
    const narrow = createPool({ url: database.url, ...SETTINGS, sizeMax: 1, connectTimeoutMs: 50 });
    const only = await eventually(() => narrow.connect());
    await expect(narrow.query('select 1')).rejects.toBeInstanceOf(OutageError);
    only.release();
    await narrow.end();
  });

  it('survives a connection that is ended while it is checked out, and tells an outage', async () => {
    const client = await pool.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await eventually(async () => isOutage(await client.query('select 1').catch((error: unknown) => error)));
    client.release(true);
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('inTransaction', () => {
  beforeAll(() => pool.query('create table counters (id int primary key, n int8 not null)'));

  it('rolls back what a failed work did', async () => {
    const work = inTransaction(pool, async (client) => {
      await client.query('insert into counters values (1, 1)');
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect((await pool.query('select from counters where id = 1')).rowCount).toBe(0);
  });

  it('does not take a rolled back transaction for a committed one', async () => {
    const work = inTransaction(pool, async (client) => {
      await client.query('insert into counters values (2, 1)');
      await client.query('select 1 / 0').catch(() => undefined);
    });
    await expect(work).rejects.toThrow('the transaction had failed before its commit');
    expect((await pool.query('select from counters where id = 2')).rowCount).toBe(0);
  });

  it('runs the whole work again until conflicting works have all been done', async () => {
    await pool.query('insert into counters values (3, 0)');
    const increment = () =>
      inTransaction(
        pool,
        async (client) => {
          const { rows } = await client.query<{ n: bigint }>('select n from counters where id = 3');
          await client.query('update counters set n = $1 where id = 3', [(rows[0]?.n ?? 0n) + 1n]);
        },
        { isolation: 'serializable', attemptsMax: 50 },
      );
    await Promise.all([increment(), increment(), increment(), increment()]);
    expect((await pool.query('select n from counters where id = 3')).rows).toEqual([{ n: 4n }]);
  });

  it('gives up on a conflict after its attempts', async () => {
    let attempts = 0;
    const work = inTransaction(
      pool,
      async (client) => {
        attempts += 1;
        await client.query(`do $$ begin raise sqlstate '40001'; end $$`);
      },
      { attemptsMax: 3 },
    );
    await expect(work).rejects.toMatchObject({ code: '40001' });
    expect(attempts).toBe(3);
  });

  it('does not repeat anything else', async () => {
    let attempts = 0;
    const work = inTransaction(pool, async (client) => {
      attempts += 1;
      await client.query('select 1 / 0');
    });
    await expect(work).rejects.toMatchObject({ code: '22012' });
    expect(attempts).toBe(1);
  });

  it('keeps its word about reading only', async () => {
    const work = inTransaction(pool, (client) => client.query('insert into counters values (4, 0)'), {
      readOnly: true,
    });
    await expect(work).rejects.toMatchObject({ code: '25006' });
  });
});
