import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { startPostgres, useDatabase, type TestPostgres } from './index.js';

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<Record<string, unknown>>(text);
    return result.rows;
  } finally {
    await client.end();
  }
}

describe('useDatabase', () => {
  const database = useDatabase();

  it('gives an empty database that takes writes', async () => {
    await query(database.url, 'create table proof (n int8)');
    expect(await query(database.url, 'select * from proof')).toEqual([]);
  });
});

describe('startPostgres', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it('keeps what was committed before a kill -9, on the same address', async () => {
    await query(server.url, 'create table survivor (n int8); insert into survivor values (7)');
    await server.kill9();
    await expect(query(server.url, 'select 1')).rejects.toThrow();
    await server.restart();
    expect(await query(server.url, 'select n::text from survivor')).toEqual([{ n: '7' }]);
  });

  it('commits durably', async () => {
    expect(
      await query(
        server.url,
        "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit')",
      ),
    ).toEqual([
      { name: 'fsync', setting: 'on' },
      { name: 'synchronous_commit', setting: 'on' },
    ]);
  });
});
