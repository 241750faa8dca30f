import type { Logger } from '@steelyard/platform/observability';
import { SchemaConnector, type Pool, type SchemaConnection } from '@steelyard/platform/postgres';
import type { LedgerDatabase } from './ledger-database.js';
import { LEDGER_GRANTS, LEDGER_MIGRATIONS } from './migrations/index.js';

export type LedgerConnection = SchemaConnection;

/** Longer than any statement but a count over millions of entries, which then is refused as an outage. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** Any constant that no other service uses. */
const MIGRATION_LOCK_KEY = 7_305_002;

/** Statements run often with the same shape, on keys; compiling them would take longer than running them. */
const SESSION_SETTINGS = { plan_cache_mode: 'force_generic_plan', jit: 'off' };

const FIND_DEPLOYMENT = 'select buckets from balance.deployment';
/** Fails when the role may not read what the app needs: the balance app grants it when it starts. */
const PROBE = `
  select 1 from balance.accounts, balance.facts, balance.heads, ledger.entries, ledger.verification_walk limit 0`;

/** Opens the ledger's database as soon as the balance app has created it; waits for that as long as it takes. */
export class LedgerConnector {
  private readonly connector: SchemaConnector;

  constructor(database: LedgerDatabase, connection: LedgerConnection, logger: Logger) {
    let buckets = 0;
    const owned = {
      service: 'ledger',
      schema: 'ledger',
      migrations: LEDGER_MIGRATIONS,
      migrationLockKey: MIGRATION_LOCK_KEY,
      grants: LEDGER_GRANTS,
      // The balance app does: what the ledger reads is its own.
      createsRole: false,
      probe: PROBE,
      prepare: async (login: Pool) => {
        buckets = await findBuckets(login);
      },
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      settings: SESSION_SETTINGS,
    };
    const user = {
      open: (pool: Pool) => database.open(pool, buckets),
      close: () => database.close(),
    };
    this.connector = new SchemaConnector(owned, connection, user, logger);
  }

  /** Begins to connect and returns at once: until it has succeeded, the app is not ready. */
  start(): void {
    this.connector.start();
  }

  /** Stops waiting, and closes what was opened. */
  stop(): Promise<void> {
    return this.connector.stop();
  }
}

async function findBuckets(login: Pool): Promise<number> {
  const { rows } = await login.query<{ buckets: number }>(FIND_DEPLOYMENT);
  const [deployment] = rows;
  if (deployment === undefined) throw new Error('the balance app has not chosen the number of buckets yet');
  return deployment.buckets;
}
