import { afterAll, beforeAll } from '@jest/globals';
import { createLogger } from '@steelyard/platform/observability';
import { FactInbox, type Fact } from '@steelyard/facts/inbox';
import { eventually } from '@steelyard/testing/wait';
import type { QueryResultRow } from 'pg';
import { auditUseCases } from '../../src/audit.composition.js';
import type { AuditUseCases } from '../../src/transport/audit-rpc-handlers.js';
import { AuditFactHandler } from '../../src/infrastructure/postgres/audit/audit-fact.handler.js';
import { LedgerConnector } from '../../src/infrastructure/postgres/ledger-connector.js';
import { LedgerDatabase } from '../../src/infrastructure/postgres/ledger-database.js';
import { SystemClock } from '../../src/infrastructure/system-clock.js';
import { openSuperuser, type Superuser } from './superuser.js';
import { useBooks } from './use-books.js';

const INBOX = { schema: 'ledger', attemptsMax: 1, retryDelayMs: 1 };

export interface AuditSuite extends AuditUseCases {
  readonly url: string;
  readonly database: LedgerDatabase;
  /** Applies facts of one bucket as they arrive in the app. */
  deliver(facts: readonly Fact[]): Promise<unknown>;
  /** What only someone with the database's own password could do. */
  sql<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
}

/** Gives the suite that calls it an empty audit trail, worked with as the app's role. */
export function useAudit(buckets = 4): AuditSuite {
  const database = new LedgerDatabase();
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
    const connection = { url: books.url, role: 'steelyard_ledger', sizeMax: 10 };
    connector = new LedgerConnector(database, connection, createLogger('ledger', 'silent'));
    connector.start();
    await eventually(() => database.isOpen);
  });
  const inbox = new FactInbox(database, [new AuditFactHandler()], INBOX);
  return {
    ...auditUseCases(database, new SystemClock()),
    database,
    get url() {
      return books.url;
    },
    deliver: async (facts) => inbox.apply(facts[0]?.bucket ?? 0, facts),
    sql: (text, values) => {
      if (superuser === undefined) throw new Error('the trail exists only while hooks and tests run');
      return superuser.query(text, values);
    },
  };
}
