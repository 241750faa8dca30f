import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '@steelyard/embedded-postgres';
import { freePort } from '@steelyard/processes';
import { Client, escapeIdentifier } from 'pg';
import { parentOf } from './processor-time.js';

const CONNECT_TIMEOUT_MS = 10_000;
const ADMIN_DATABASE = 'postgres';

/** The one PostgreSQL of a run, with its settings as `npm start` has them; every leg has databases of its own on it. */
export class DatabaseServer {
  readonly version: string;
  /** Undefined where the system does not tell. */
  readonly pid: number | undefined;
  readonly #server: EmbeddedPostgres;
  readonly #admin: Client;
  readonly #dataDir: string;

  private constructor(
    running: { server: EmbeddedPostgres; admin: Client; dataDir: string },
    found: { version: string; pid: number | undefined },
  ) {
    this.#server = running.server;
    this.#admin = running.admin;
    this.#dataDir = running.dataDir;
    this.version = found.version;
    this.pid = found.pid;
  }

  /** Starts the embedded server on a free port with its data in a temporary directory. */
  static async start(): Promise<DatabaseServer> {
    const dataDir = await mkdtemp(join(tmpdir(), 'steelyard-bench-'));
    const server = await EmbeddedPostgres.start({ dataDir, port: await freePort() });
    const admin = new Client({
      connectionString: server.urlOf(ADMIN_DATABASE),
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
    // The server's end, when the run is over, would otherwise be an unhandled error.
    admin.on('error', () => undefined);
    await admin.connect();
    const { rows } = await admin.query<{ version: string; backend: number }>(
      `select current_setting('server_version') as version, pg_backend_pid() as backend`,
    );
    const found = rows[0] ?? { version: 'unknown', backend: 0 };
    return new DatabaseServer(
      { server, admin, dataDir },
      { version: found.version, pid: parentOf(found.backend) },
    );
  }

  /**
   * Creates an empty database and gives the superuser's connection string. It stays until the end of the run:
   * dropping it would force a checkpoint, after which everybody pays for images of whole pages.
   */
  async createDatabase(name: string): Promise<string> {
    await this.#admin.query(`create database ${escapeIdentifier(name)}`);
    return this.#server.urlOf(name);
  }

  /** Bytes that were ever written to the log of changes. */
  async walBytes(): Promise<number> {
    const { rows } = await this.#admin.query<{ bytes: string }>(
      `select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::text as bytes`,
    );
    return Number(rows[0]?.bytes ?? 0);
  }

  /** Ends the server and deletes its data. */
  async stop(): Promise<void> {
    await this.#admin.end();
    await this.#server.destroy();
    await rm(this.#dataDir, { recursive: true, force: true });
  }
}
