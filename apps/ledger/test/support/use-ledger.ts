import { afterAll, beforeAll } from '@jest/globals';
import { maintenanceV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import { createLogger, createMetrics } from '@steelyard/platform/observability';
import { eventually } from '@steelyard/testing/wait';
import type { QueryResultRow } from 'pg';
import { composeIncidents, type Incidents } from '../../src/incidents.composition.js';
import { LedgerConnector } from '../../src/infrastructure/postgres/ledger-connector.js';
import { LedgerDatabase } from '../../src/infrastructure/postgres/ledger-database.js';
import { SystemClock } from '../../src/infrastructure/system-clock.js';
import { RpcAccountRestorer } from '../../src/infrastructure/rpc/rpc-account-restorer.js';
import { composeLedger } from '../../src/ledger.composition.js';
import { composeRound } from '../../src/reconciliation.composition.js';
import { composeVerification, type BackgroundVerification } from '../../src/verification.composition.js';
import type { LedgerBuilder } from './ledger-builder.js';
import { unhurried } from './check-paces.js';
import { openSuperuser, type Superuser } from './superuser.js';
import { useBooks } from './use-books.js';

/** Where nobody listens: in these suites no balance app runs, and rounds over all accounts only report. */
const NO_BALANCE_APP = { address: '127.0.0.1:1', deadlineMs: 1_000 };

/** A budget that no stall of the machine uses up: the work ends first. */
export const ALL_THE_TIME_MS = 3_600_000;

export interface Ledger extends ReturnType<typeof composeLedger>, BackgroundVerification {
  readonly continueReconciliation: ReturnType<typeof composeRound>;
}

export interface LedgerSuite {
  readonly url: string;
  readonly database: LedgerDatabase;
  readonly ledger: Ledger;
  readonly builder: LedgerBuilder;
  readonly incidents: Incidents;
  /** A second set of use cases over the same database, as another process would have. */
  another(): Ledger;
  /** What only someone with the database's own password could do. */
  sql<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
}

/** Gives the suite that calls it an empty ledger, and the use cases over it. */
export function useLedger(buckets = 4): LedgerSuite {
  const opened = new LedgerDatabase();
  const maintenance = grpcClient(maintenanceV1.MaintenanceServiceService, NO_BALANCE_APP);
  let superuser: Superuser | undefined;
  let connector: LedgerConnector | undefined;

  // Before the database's own: connections end before it is dropped.
  afterAll(async () => {
    await maintenance.close();
    await connector?.stop();
    await superuser?.end();
  });
  const books = useBooks(buckets);

  beforeAll(async () => {
    superuser = await openSuperuser(books.url);
    const connection = { url: books.url, role: 'steelyard_ledger', sizeMax: 4 };
    connector = new LedgerConnector(opened, connection, createLogger('ledger', 'silent'));
    connector.start();
    await eventually(() => opened.isOpen);
  });

  const runtime = { logger: createLogger('ledger', 'silent'), metrics: createMetrics('ledger') };
  const incidents = composeIncidents(opened, new SystemClock(), runtime);
  const another = (): Ledger => {
    const shared = { database: opened, clock: new SystemClock() };
    const parts = { ...shared, incidents: incidents.incidents };
    const restorer = new RpcAccountRestorer(maintenance);
    return {
      ...composeLedger({ ...parts, pace: unhurried() }),
      ...composeVerification(parts),
      continueReconciliation: composeRound({ ...shared, incidents, restorer }),
    };
  };
  const ledger = another();
  return {
    get url() {
      return books.url;
    },
    get builder() {
      return books.builder;
    },
    database: opened,
    ledger,
    incidents,
    another,
    sql: (text, values) => {
      if (superuser === undefined) throw new Error('the ledger exists only while hooks and tests run');
      return superuser.query(text, values);
    },
  };
}
