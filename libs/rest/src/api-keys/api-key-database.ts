import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@steelyard/platform/observability';
import {
  createDataSource,
  createPool,
  ensureRole,
  migrate,
  OutageError,
  RoleSetupError,
} from '@steelyard/platform/postgres';
import type { DataSource, EntityManager, Repository } from 'typeorm';
import { ApiKeyEntity } from './api-key.entity.js';
import { API_KEY_MIGRATION_LOCK, API_KEY_MIGRATIONS, API_KEY_SCHEMA } from './migrations/index.js';

export interface ApiKeyDatabaseSettings {
  readonly url: string;
  /** The role that sessions work as; undefined: the login itself. */
  readonly role: string | undefined;
  readonly sizeMax: number;
  /** How sessions are named to the database. */
  readonly applicationName: string;
}

/** Keys are read by their primary key: what takes longer is not going to come. */
const STATEMENT_TIMEOUT_MS = 2_000;
const RETRY_DELAY_MIN_MS = 100;
const RETRY_DELAY_MAX_MS = 5_000;
const GRANTS = [
  `usage on schema ${API_KEY_SCHEMA}`,
  `select, insert, update on all tables in schema ${API_KEY_SCHEMA}`,
  `delete on ${API_KEY_SCHEMA}.audit_outbox`,
];

/**
 * The schema of the API keys and of the audit outbox. It connects in the background, for as long as that takes: without it requests with
 * API keys are answered 503, and everything else works.
 */
export class ApiKeyDatabase {
  readonly #stopping = new AbortController();
  #connecting: Promise<void> = Promise.resolve();
  #dataSource: DataSource | undefined;

  constructor(
    private readonly settings: ApiKeyDatabaseSettings,
    private readonly logger: Logger,
  ) {}

  /** Begins to connect and returns at once. */
  start(): void {
    this.#connecting = this.#connect();
  }

  /** Stops waiting, and closes what was opened. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#connecting;
    await this.#dataSource?.destroy();
  }

  /** The keys. Throws an outage while there is no connection. */
  keys(): Repository<ApiKeyEntity> {
    if (!this.#dataSource) throw new OutageError('the API keys cannot be reached');
    return this.#dataSource.getRepository(ApiKeyEntity);
  }

  /** For statements and transactions. Throws an outage while there is no connection. */
  manager(): EntityManager {
    return this.keys().manager;
  }

  async #connect(): Promise<void> {
    const { signal } = this.#stopping;
    for (
      let delayMs = RETRY_DELAY_MIN_MS;
      !signal.aborted;
      delayMs = Math.min(delayMs * 2, RETRY_DELAY_MAX_MS)
    ) {
      try {
        this.#dataSource = await this.#open();
        return;
      } catch (error) {
        // Whatever it is, it may be put right while we wait: the database comes up, a privilege is granted.
        this.logger.warn({ error, delayMs }, 'api-keys.database.waiting');
      }
      await delay(delayMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #open(): Promise<DataSource> {
    const { url, sizeMax, applicationName } = this.settings;
    await migrate(url, API_KEY_MIGRATIONS, {
      schema: API_KEY_SCHEMA,
      lockKey: API_KEY_MIGRATION_LOCK,
      waitMs: 1,
    });
    const role = await this.#prepareRole();
    const dataSource = createDataSource({
      url,
      ...(role === undefined ? {} : { role }),
      schema: API_KEY_SCHEMA,
      entities: [ApiKeyEntity],
      applicationName,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      sizeMax,
      onConnectionLost: (error) => this.logger.warn({ error }, 'api-keys.database.connection-lost'),
    });
    return dataSource.initialize();
  }

  /** The role, or undefined when the login may not set it up: then it does the work itself. */
  async #prepareRole(): Promise<string | undefined> {
    const { url, role, applicationName } = this.settings;
    if (role === undefined) return undefined;
    const login = createPool({
      url,
      applicationName,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      sizeMax: 1,
    });
    const client = await login.connect();
    try {
      await ensureRole(client, role, GRANTS);
      return role;
    } catch (error) {
      if (!(error instanceof RoleSetupError)) throw error;
      this.logger.warn({ role, error }, 'api-keys.database.role-missing');
      return undefined;
    } finally {
      client.release();
      await login.end();
    }
  }
}
