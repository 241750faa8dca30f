import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@steelyard/platform/observability';
import { createPool, ensureRole, migrate, sqlStateOf, type Pool } from '@steelyard/platform/postgres';
import type { LedgerDatabase } from './ledger-database.js';
import { LEDGER_GRANTS, LEDGER_MIGRATIONS } from './migrations/index.js';

export interface LedgerConnection {
  readonly url: string;
  /** The role that sessions work as when it exists; undefined: the login itself. */
  readonly role: string | undefined;
  readonly sizeMax: number;
}

const APPLICATION_NAME = 'steelyard ledger';
/** Longer than any statement but a count over millions of entries, which then is refused as an outage. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** Any constant that no other service uses. */
const MIGRATION_LOCK_KEY = 7_305_002;
const RETRY_DELAY_MIN_MS = 100;
const RETRY_DELAY_MAX_MS = 5_000;

/** Statements run often with the same shape, on keys; compiling them would take longer than running them. */
const SESSION_SETTINGS = { plan_cache_mode: 'force_generic_plan', jit: 'off' };

/** The balance app has not created its schema yet: not worth a warning. */
const UNDEFINED_TABLE = '42P01';

const FIND_DEPLOYMENT = 'select buckets from balance.deployment';
const ROLE_EXISTS = 'select exists (select from pg_roles where rolname = $1) as exists';
/** Fails when the role may not read what the app needs: the balance app grants it when it starts. */
const PROBE = `
  select 1 from balance.accounts, balance.facts, balance.heads, ledger.entries, ledger.verification_walk limit 0`;

/** Opens the ledger's database as soon as the balance app has created it; waits for that as long as it takes. */
export class LedgerConnector {
  private readonly stopping = new AbortController();
  private connecting: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: LedgerDatabase,
    private readonly connection: LedgerConnection,
    private readonly logger: Logger,
  ) {}

  /** Begins to connect and returns at once: until it has succeeded, the app is not ready. */
  start(): void {
    this.connecting = this.connect();
  }

  /** Stops waiting, and closes what was opened. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.connecting;
    await this.database.close();
  }

  private async connect(): Promise<void> {
    const { signal } = this.stopping;
    for (
      let delayMs = RETRY_DELAY_MIN_MS;
      !signal.aborted;
      delayMs = Math.min(delayMs * 2, RETRY_DELAY_MAX_MS)
    ) {
      try {
        await this.attempt();
        this.logger.info({ buckets: this.database.buckets() }, 'ledger.connected');
        return;
      } catch (error) {
        // Whatever it is, it may be put right while we wait: the database comes up, the balance app starts.
        if (sqlStateOf(error) === UNDEFINED_TABLE) this.logger.info({ delayMs }, 'ledger.waiting');
        else this.logger.warn({ error, delayMs }, 'ledger.waiting');
      }
      await delay(delayMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async attempt(): Promise<void> {
    const login = this.pool(1, undefined);
    try {
      const buckets = await findBuckets(login);
      await migrate(this.connection.url, LEDGER_MIGRATIONS, {
        schema: 'ledger',
        lockKey: MIGRATION_LOCK_KEY,
      });
      const role = await this.prepareRole(login);
      await this.open(this.pool(this.connection.sizeMax, role), buckets);
    } finally {
      await login.end();
    }
  }

  private async prepareRole(login: Pool): Promise<string | undefined> {
    const { role } = this.connection;
    if (role === undefined) return undefined;
    const { rows } = await login.query<{ exists: boolean }>(ROLE_EXISTS, [role]);
    if (rows[0]?.exists !== true) {
      this.logger.warn({ role }, 'ledger.role.missing');
      return undefined;
    }
    const client = await login.connect();
    try {
      await ensureRole(client, role, LEDGER_GRANTS);
    } finally {
      client.release();
    }
    return role;
  }

  private async open(pool: Pool, buckets: number): Promise<void> {
    try {
      await pool.query(PROBE);
      this.database.open(pool, buckets);
    } catch (error) {
      await pool.end();
      throw error;
    }
  }

  private pool(sizeMax: number, role: string | undefined): Pool {
    return createPool({
      url: this.connection.url,
      ...(role === undefined ? {} : { role }),
      applicationName: APPLICATION_NAME,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      settings: SESSION_SETTINGS,
      sizeMax,
      onConnectionLost: (error) => this.logger.warn({ error }, 'ledger.connection.lost'),
    });
  }
}

async function findBuckets(login: Pool): Promise<number> {
  const { rows } = await login.query<{ buckets: number }>(FIND_DEPLOYMENT);
  const [deployment] = rows;
  if (deployment === undefined) throw new Error('the balance app has not chosen the number of buckets yet');
  return deployment.buckets;
}
