import { afterAll, beforeAll } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { QueryResultRow } from 'pg';
import { createLogger, createMetrics } from '@steelyard/platform/observability';
import { eventually } from '@steelyard/testing/wait';
import { Clock } from '../../src/application/clock.port.js';
import type { IncidentLog } from '../../src/application/incidents/incident-log.js';
import type { SealFault } from '../../src/application/verify-seals/seal-fault.js';
import { loadConfig } from '../../src/config.js';
import { composeIncidents } from '../../src/incidents.composition.js';
import { LedgerConnector } from '../../src/infrastructure/postgres/ledger-connector.js';
import { LedgerDatabase } from '../../src/infrastructure/postgres/ledger-database.js';
import { sealingUseCases, type SealingUseCases } from '../../src/sealing.composition.js';
import { granted } from './granted.js';
import type { LedgerBuilder } from './ledger-builder.js';
import { openSuperuser, type Superuser } from './superuser.js';
import { useBooks } from './use-books.js';

/** More steps mean that a walk or the sealing does not come to an end. */
const STEPS_MAX = 100;

/** The time of a test; it stands still until the test moves it. */
export class TestClock extends Clock {
  constructor(private atMs = Date.UTC(2026, 0, 2)) {
    super();
  }

  override nowMs(): number {
    return this.atMs;
  }

  advance(ms: number): void {
    this.atMs += ms;
  }
}

export interface SealingSuite {
  readonly url: string;
  readonly builder: LedgerBuilder;
  readonly database: LedgerDatabase;
  readonly clock: TestClock;
  readonly incidents: IncidentLog;
  /** A directory that is deleted with the suite. */
  readonly directory: string;
  /** The use cases as a process with this configuration has them. */
  readonly process: (env?: Readonly<Record<string, string>>) => Promise<SealingUseCases>;
  /** What only someone with the database's own password could do. */
  readonly sql: <Row extends QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;
}

/** A fresh Ed25519 key in PEM. */
export function newSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Gives the suite that calls it an empty ledger with what seals it. */
export function useSealing(buckets = 4): SealingSuite {
  const database = new LedgerDatabase();
  const clock = new TestClock();
  const logger = createLogger('ledger', 'silent');
  const { incidents } = composeIncidents(database, clock, { logger, metrics: createMetrics('ledger') });
  let superuser: Superuser | undefined;
  let connector: LedgerConnector | undefined;
  let directory = '';

  // Before the database's own: connections end before it is dropped.
  afterAll(async () => {
    await connector?.stop();
    await superuser?.end();
    await rm(directory, { recursive: true, force: true });
  });
  const books = useBooks(buckets);

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'steelyard-sealing-'));
    superuser = await openSuperuser(books.url);
    connector = new LedgerConnector(
      database,
      { url: books.url, role: 'steelyard_ledger', sizeMax: 6 },
      logger,
    );
    connector.start();
    await eventually(() => database.isOpen);
  });

  return {
    get url() {
      return books.url;
    },
    get builder() {
      return books.builder;
    },
    get directory() {
      return directory;
    },
    database,
    clock,
    incidents,
    process: (env = {}) => {
      const config = loadConfig({ DATABASE_URL: books.url, DATA_DIR: join(directory, 'data'), ...env });
      return sealingUseCases({ database, clock, incidents }, config);
    },
    sql: (text, values) => {
      if (superuser === undefined) throw new Error('the ledger exists only while hooks and tests run');
      return superuser.query(text, values);
    },
  };
}

/** Seals until nothing is new. */
export async function sealAll({ seal }: SealingUseCases): Promise<void> {
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const sealed = await seal.execute();
    if (sealed.seal === undefined) return;
  }
  throw new Error('the sealing does not come to an end');
}

export interface VerifiedSeals {
  readonly seals: bigint;
  readonly entries: bigint;
  readonly faults: readonly SealFault[];
}

/** Walks over all seals to the end. */
export async function verifyAll({ verifySeals }: SealingUseCases, note = ''): Promise<VerifiedSeals> {
  const faults: SealFault[] = [];
  let [seals, entries, cursor] = [0n, 0n, ''];
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const page = await granted(verifySeals.execute({ cursor, note: cursor === '' ? note : '' }));
    faults.push(...page.faults);
    [seals, entries, cursor] = [seals + page.sealsChecked, entries + page.entriesChecked, page.nextCursor];
    if (cursor === '') return { seals, entries, faults };
  }
  throw new Error('the walk does not come to an end');
}
