import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { startPostgres, type TestPostgres } from './test-postgres.js';

/** An empty database for one suite; its url can be read from inside hooks and tests. */
export interface TestDatabase {
  readonly url: string;
}

const CONNECT_TIMEOUT_MS = 60_000;
const NAME_BYTES = 8;

/**
 * Gives the suite that calls it an empty database of its own and drops it afterwards. It is created on the
 * server of `TEST_DATABASE_URL`; without that variable the suite starts an embedded server for itself.
 */
export function useDatabase(): TestDatabase {
  let url: string | undefined;
  let release = async (): Promise<void> => undefined;

  beforeAll(async () => {
    const shared = process.env['TEST_DATABASE_URL'];
    const opened = shared === undefined || shared === '' ? await ownServer() : await databaseOn(shared);
    url = opened.url;
    release = opened.release;
  });

  afterAll(() => release());

  return {
    get url() {
      if (url === undefined) throw new Error('the database exists only while hooks and tests run');
      return url;
    },
  };
}

interface OpenedDatabase {
  readonly url: string;
  readonly release: () => Promise<void>;
}

async function ownServer(): Promise<OpenedDatabase> {
  const server: TestPostgres = await startPostgres();
  return { url: server.url, release: () => server.stop() };
}

async function databaseOn(serverUrl: string): Promise<OpenedDatabase> {
  const name = `test_${randomBytes(NAME_BYTES).toString('hex')}`;
  await execute(serverUrl, `create database ${escapeIdentifier(name)}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  // FORCE, because a process that a test killed can leave its connection behind for a moment.
  return {
    url: url.href,
    release: () => execute(serverUrl, `drop database ${escapeIdentifier(name)} with (force)`),
  };
}

async function execute(serverUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
