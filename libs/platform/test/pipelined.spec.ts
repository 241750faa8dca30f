import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPipelined, OutageError, type PipelinedConnection } from '../src/postgres/index.js';
import { startPostgres, type TestPostgres } from '@steelyard/testing/postgres';
import { eventually } from '@steelyard/testing/wait';

/** Beyond any stall of a busy machine, and the start of a server on it. */
const PATIENT_MS = 120_000;
const SETTINGS = {
  applicationName: 'pipelined spec',
  statementTimeoutMs: PATIENT_MS,
  connectTimeoutMs: PATIENT_MS,
};
const INSERT = { name: 'insert-row', text: 'insert into lines (n) values ($1)' };

let server: TestPostgres;
let connection: PipelinedConnection;
beforeAll(async () => {
  server = await startPostgres();
  connection = await openPipelined({ url: server.url, ...SETTINGS });
  await connection.query({ text: 'create table lines (n int8 primary key)' });
});
afterAll(async () => {
  await connection.close();
  await server.stop();
});

async function lines(): Promise<unknown[]> {
  const { rows } = await connection.query<{ n: bigint }>({ text: 'select n from lines order by n' });
  return rows.map(({ n }) => n);
}

describe('openPipelined', () => {
  it('takes many statements at once and answers each', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        connection.query<{ n: number }>({ name: 'echo', text: 'select $1::int4 as n', values: [index] }),
      ),
    );
    expect(answers.map(({ rows }) => rows[0]?.n)).toEqual(Array.from({ length: 200 }, (_, index) => index));
  });

  it('does not let one statement fail those behind it', async () => {
    const [failed, fine] = await Promise.allSettled([
      connection.query({ text: 'select 1 / 0' }),
      connection.query({ text: 'select 1 as one' }),
    ]);
    expect(failed).toMatchObject({ status: 'rejected', reason: { code: '22012' } });
    expect(fine).toMatchObject({ status: 'fulfilled', value: { rows: [{ one: 1 }] } });
  });

  it('commits the statements of a transaction together', async () => {
    const results = await connection.transaction([
      { ...INSERT, values: [1n] },
      { ...INSERT, values: [2n] },
    ]);
    expect(results.map(({ rowCount }) => rowCount)).toEqual([1, 1]);
    expect(await lines()).toEqual([1n, 2n]);
  });

  it('commits nothing of a transaction when one statement fails, and says which error came first', async () => {
    const transaction = connection.transaction([
      { ...INSERT, values: [3n] },
      { ...INSERT, values: [1n] },
      { ...INSERT, values: [4n] },
    ]);
    await expect(transaction).rejects.toMatchObject({ code: '23505' });
    expect(await lines()).toEqual([1n, 2n]);
  });

  it('keeps transactions apart that are sent at the same time', async () => {
    const settled = await Promise.allSettled([
      connection.transaction([{ ...INSERT, values: [10n] }]),
      connection.transaction([
        { ...INSERT, values: [11n] },
        { ...INSERT, values: [1n] },
      ]),
      connection.transaction([{ ...INSERT, values: [12n] }]),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await lines()).toEqual([1n, 2n, 10n, 12n]);
  });

  it('fails with an outage what is under way when the server dies, and is back when the server is', async () => {
    const underWay = Promise.allSettled([
      connection.query({ text: 'select pg_sleep(100)' }),
      connection.transaction([{ ...INSERT, values: [20n] }]),
    ]);
    await server.kill9();
    for (const outcome of await underWay) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(OutageError) });
    }
    await eventually(() => !connection.isConnected);
    const early = connection.query<{ one: number }>({ text: 'select 1 as one' });
    await server.restart();
    expect((await early).rows).toEqual([{ one: 1 }]);
    expect(connection.isConnected).toBe(true);
  });

  it('tells an outage when it was closed', async () => {
    const other = await openPipelined({ url: server.url, ...SETTINGS });
    await other.close();
    await expect(other.query({ text: 'select 1' })).rejects.toBeInstanceOf(OutageError);
  });

  it('answers what was sent before it was closed', async () => {
    const other = await openPipelined({ url: server.url, ...SETTINGS });
    const sent = other.query({ text: 'select 1 as one' });
    await other.close();
    expect((await sent).rows).toEqual([{ one: 1 }]);
  });

  it('does not open without a server', async () => {
    const nowhere = openPipelined({ ...SETTINGS, url: 'postgres://u:p@127.0.0.1:1/x' });
    await expect(nowhere).rejects.toBeInstanceOf(OutageError);
  });
});
