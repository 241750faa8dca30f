import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../observability/index.js';
import { ensureRole, RoleSetupError } from './ensure-role.js';
import { migrate } from './migrate.js';
import { createPool, type Pool } from './pool.js';
import type { MigrationClass } from './sql-migration.js';
import { sqlStateOf } from './sqlstate.js';

/** A schema that a service owns, as its code knows it. */
export interface OwnedSchema {
  /** The service: events are `<service>.connected`, `<service>.waiting`, … */
  readonly service: string;
  readonly schema: string;
  readonly migrations: readonly MigrationClass[];
  /** Processes that migrate under the same key take turns. One key a service. */
  readonly migrationLockKey: number;
  /** What the role may do: each comes between `grant` and `to`. */
  readonly grants: readonly string[];
  /** False: another service creates the role, because it owns what the role reads. */
  readonly createsRole: boolean;
  /** Fails while the role may not yet read what the service needs. */
  readonly probe: string;
  /** Comes before the migrations, as the login; what it throws is waited for. */
  readonly prepare?: (login: Pool) => Promise<void>;
  readonly statementTimeoutMs: number;
  /** Server settings of every session. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** How to connect, as the operator configured it. */
export interface SchemaConnection {
  readonly url: string;
  /** The role that sessions work as when there is one; undefined: the login itself. */
  readonly role: string | undefined;
  readonly sizeMax: number;
}

/** Who uses the connections. */
export interface PoolUser {
  /** The pool's owner from now on. */
  open(pool: Pool): void;
  close(): Promise<void>;
}

const RETRY_DELAY_MIN_MS = 100;
const RETRY_DELAY_MAX_MS = 5_000;
/** Another service has not created its schema yet: not worth a warning. */
const UNDEFINED_TABLE = '42P01';
const ROLE_EXISTS = 'select exists (select from pg_roles where rolname = $1) as exists';

/**
 * Brings a service's schema up to date and opens its connections, in the background and for as long as it takes:
 * the database may come up, and what other services create may appear, after the service.
 */
export class SchemaConnector {
  private readonly stopping = new AbortController();
  private connecting: Promise<void> = Promise.resolve();

  constructor(
    private readonly owned: OwnedSchema,
    private readonly connection: SchemaConnection,
    private readonly user: PoolUser,
    private readonly logger: Logger,
  ) {}

  /** Begins to connect and returns at once: until it has succeeded, the service is not ready. */
  start(): void {
    this.connecting = this.connect();
  }

  /** Stops waiting, and closes what was opened. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.connecting;
    await this.user.close();
  }

  private async connect(): Promise<void> {
    const { signal } = this.stopping;
    const { service } = this.owned;
    for (
      let delayMs = RETRY_DELAY_MIN_MS;
      !signal.aborted;
      delayMs = Math.min(delayMs * 2, RETRY_DELAY_MAX_MS)
    ) {
      try {
        await this.attempt();
        this.logger.info({}, `${service}.connected`);
        return;
      } catch (error) {
        // Whatever it is, it may be put right while we wait: the database comes up, another service starts.
        if (sqlStateOf(error) === UNDEFINED_TABLE) this.logger.info({ delayMs }, `${service}.waiting`);
        else this.logger.warn({ error, delayMs }, `${service}.waiting`);
      }
      await delay(delayMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async attempt(): Promise<void> {
    const { schema, migrations, migrationLockKey: lockKey, prepare } = this.owned;
    const login = this.pool(1, undefined);
    try {
      await prepare?.(login);
      await migrate(this.connection.url, migrations, { schema, lockKey });
      const role = await this.prepareRole(login);
      await this.open(this.pool(this.connection.sizeMax, role));
    } finally {
      await login.end();
    }
  }

  /** Undefined: sessions work as the login. */
  private async prepareRole(login: Pool): Promise<string | undefined> {
    const { role } = this.connection;
    if (role === undefined) return undefined;
    const { service, grants, createsRole } = this.owned;
    const { rows } = await login.query<{ exists: boolean }>(ROLE_EXISTS, [role]);
    if (!createsRole && rows[0]?.exists !== true) {
      this.logger.warn({ role }, `${service}.role.missing`);
      return undefined;
    }
    const client = await login.connect();
    try {
      await ensureRole(client, role, grants);
      return role;
    } catch (error) {
      if (!createsRole || !(error instanceof RoleSetupError)) throw error;
      this.logger.warn({ role, error }, `${service}.role.missing`);
      return undefined;
    } finally {
      client.release();
    }
  }

  private async open(pool: Pool): Promise<void> {
    try {
      await pool.query(this.owned.probe);
      this.user.open(pool);
    } catch (error) {
      await pool.end();
      throw error;
    }
  }

  private pool(sizeMax: number, role: string | undefined): Pool {
    const { service, statementTimeoutMs, settings } = this.owned;
    return createPool({
      url: this.connection.url,
      ...(role === undefined ? {} : { role }),
      applicationName: `steelyard ${service}`,
      statementTimeoutMs,
      ...(settings === undefined ? {} : { settings }),
      sizeMax,
      onConnectionLost: (error) => this.logger.warn({ error }, `${service}.connection.lost`),
    });
  }
}
