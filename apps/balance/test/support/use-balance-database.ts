import { afterAll, beforeAll } from '@jest/globals';
import { createPool, openPipelined, type PipelinedConnection, type Pool } from '@steelyard/platform/postgres';
import { useDatabase } from '@steelyard/testing/postgres';
import { BALANCE_ROLE, setUpSchema } from '../../src/infrastructure/postgres/schema-setup.js';
import { TEST_BUCKETS } from './decider.js';

const CONNECTIONS_MAX = 6;
/** Beyond any stall of a busy machine: nothing in these tests is about a statement that takes long. */
const STATEMENT_TIMEOUT_MS = 120_000;
const CONNECT_TIMEOUT_MS = 60_000;

/** What one process of the app connects with. */
export interface Connections {
  /** In the service's role. */
  readonly pool: Pool;
  readonly writers: readonly PipelinedConnection[];
  close(): Promise<void>;
}

/** Connects as the app does, with a writer a lane. */
export async function connect(url: string, lanes = 1): Promise<Connections> {
  const options = {
    url,
    role: BALANCE_ROLE,
    applicationName: 'balance test',
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
  };
  const pool = createPool({ ...options, sizeMax: CONNECTIONS_MAX });
  const writers = await Promise.all(Array.from({ length: lanes }, () => openPipelined(options)));
  return {
    pool,
    writers,
    close: async () => {
      await Promise.all([pool.end(), ...writers.map((writer) => writer.close())]);
    },
  };
}

/** A database as the balance app's first start leaves it. */
export interface BalanceDatabase {
  readonly url: string;
  readonly buckets: number;
  /** Of one process; those of further ones come from {@link BalanceDatabase.connect}. */
  readonly connections: Connections;
  /** May do what only someone with the database's own password could. */
  readonly superuser: Pool;
  /** Connections that are closed with the suite. */
  connect(lanes?: number): Promise<Connections>;
}

/** Gives the suite that calls it an empty database of its own with the app's schema and roles. */
export function useBalanceDatabase({
  buckets = TEST_BUCKETS,
  defaultCurrency = 'CHIPS',
} = {}): BalanceDatabase {
  const closers: (() => Promise<void>)[] = [];
  let connections: Connections | undefined;
  let superuser: Pool | undefined;
  // Before the database's own hook: connections end before it is dropped.
  afterAll(async () => {
    await Promise.all(closers.map((close) => close()));
  });
  const database = useDatabase();

  const opened = async (lanes?: number): Promise<Connections> => {
    const made = await connect(database.url, lanes);
    closers.push(() => made.close());
    return made;
  };
  beforeAll(async () => {
    await setUpSchema(database.url, { buckets, defaultCurrency });
    connections = await opened();
    const pool = superuserPool(database.url);
    superuser = pool;
    closers.push(() => pool.end());
  });
  return {
    buckets,
    connect: opened,
    get url() {
      return database.url;
    },
    get connections() {
      return whileRunning(connections);
    },
    get superuser() {
      return whileRunning(superuser);
    },
  };
}

/** A pool without a role: of whoever owns the database. */
export function superuserPool(url: string): Pool {
  const applicationName = 'balance test superuser';
  return createPool({
    url,
    applicationName,
    sizeMax: CONNECTIONS_MAX,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
  });
}

function whileRunning<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the database exists only while hooks and tests run');
  return value;
}
