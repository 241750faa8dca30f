import { afterAll, beforeAll } from '@jest/globals';
import { createLogger } from '@steelyard/platform/observability';
import { eventually } from '@steelyard/testing/wait';
import type { QueryResultRow } from 'pg';
import { LedgerConnector } from '../../src/infrastructure/postgres/ledger-connector.js';
import { LedgerDatabase } from '../../src/infrastructure/postgres/ledger-database.js';
import { SystemClock } from '../../src/infrastructure/system-clock.js';
import { composeLedger } from '../../src/ledger.composition.js';
import type { LedgerBuilder } from './ledger-builder.js';
import { openSuperuser, type Superuser } from './superuser.js';
import { useBooks } from './use-books.js';

const SETUP_TIMEOUT_MS = 60_000;

export type Ledger = ReturnType<typeof composeLedger>;

export interface LedgerSuite {
  readonly url: string;
  readonly ledger: Ledger;
  readonly builder: LedgerBuilder;
  /** A second set of use cases over the same database, as another process would have. */
  another(): Ledger;
  /** What only someone with the database's own password could do. */
  sql<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
}

/** Gives the suite that calls it an empty ledger, and the use cases over it. */
export function useLedger(buckets = 4): LedgerSuite {
  const opened = new LedgerDatabase();
  let superuser: Superuser | undefined;
  let connector: LedgerConnector | undefined;

  // Before the database's own: connections end before it is dropped.
  afterAll(async () => {
    await connector?.stop();
    await superuser?.end();
  });
  const books = useBooks(buckets);

  beforeAll(async () => {
    superuser = await openSuperuser(books.url);
    const connection = { url: books.url, role: 'steelyard_ledger', sizeMax: 4 };
    connector = new LedgerConnector(opened, connection, createLogger('ledger', 'silent'));
    connector.start();
    await eventually(() => opened.isOpen, { timeoutMs: SETUP_TIMEOUT_MS });
  }, SETUP_TIMEOUT_MS);

  const another = (): Ledger => composeLedger(opened, new SystemClock());
  const ledger = another();
  return {
    get url() {
      return books.url;
    },
    get builder() {
      return books.builder;
    },
    ledger,
    another,
    sql: (text, values) => {
      if (superuser === undefined) throw new Error('the ledger exists only while hooks and tests run');
      return superuser.query(text, values);
    },
  };
}
