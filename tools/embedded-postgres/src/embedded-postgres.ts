import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { clusterPassword, initialiseCluster, SUPERUSER } from './cluster-initialiser.js';
import { ensureDatabase } from './database-creation.js';
import { locateData, removeRelocated, type DataLocation } from './data-location.js';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import { stopLeftoverServer } from './leftover-server.js';
import { guardServer, sendSignal } from '@steelyard/processes';
import { locateBinaries } from './postgres-binaries.js';
import type { ServerAccount } from './server-account.js';
import { childrenOf } from './postmaster-file.js';
import { awaitReady } from './server-readiness.js';
import { serverArguments, serverEnvironment, type ServerSettings } from './server-settings.js';

/** How to bring up one embedded server. */
export interface EmbeddedPostgresOptions {
  /** Holds the cluster (or the marker of where it is), the generated password and, by default, the log. */
  readonly dataDir: string;
  /** TCP port on 127.0.0.1. */
  readonly port: number;
  /** Created when absent. */
  readonly database?: string;
  /** The server's own log, appended. Default: `logs/postgres.log` in the data directory. */
  readonly logFile?: string;
  /** Settings that differ from the package's defaults. */
  readonly settings?: ServerSettings;
}

/** After a fast shutdown's deadline the server is told to stop without a checkpoint; it recovers on the next start. */
const FAST_STOP_DEADLINE_MS = 30_000;

const DEFAULT_DATABASE = 'steelyard';

/** One real PostgreSQL server from npm, run as a child process on 127.0.0.1. */
export class EmbeddedPostgres {
  /** Resolves when the server has ended, however that came about. */
  readonly exited: Promise<void>;

  private constructor(
    private readonly server: ChildProcess,
    private readonly location: DataLocation,
    private readonly options: EmbeddedPostgresOptions,
    private readonly password: string,
  ) {
    const release = server.pid === undefined ? () => undefined : guardServer(server.pid, 'INT');
    this.exited = new Promise((done) => {
      server.once('exit', () => {
        release();
        done();
      });
    });
  }

  /**
   * Starts the server, creating cluster and database on first use, and waits until it takes connections.
   * A server left over in the same directory by a killed process is stopped first.
   *
   * @throws EmbeddedPostgresError with a failure code and a message for the person at the terminal
   */
  static async start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    const location = locateData(options.dataDir);
    const password = clusterPassword(options.dataDir);
    const binaries = locateBinaries(location.account);
    initialiseCluster(binaries, location, password);
    await stopLeftoverServer(location.clusterDir);
    const logFile = resolve(options.logFile ?? join(options.dataDir, 'logs', 'postgres.log'));
    const server = spawnServer(binaries.postgres, location.account, {
      cwd: location.clusterDir,
      args: serverArguments(location.clusterDir, options.port, options.settings ?? {}),
      logFile,
    });
    const started = new EmbeddedPostgres(server, location, options, password);
    try {
      await awaitReady(server, location.clusterDir, { logFile, port: options.port });
      await ensureDatabase(started.urlOf('postgres'), options.database ?? DEFAULT_DATABASE);
    } catch (error) {
      await started.stop();
      throw error;
    }
    return started;
  }

  /** Connection string of the superuser for the database named in the options. */
  get url(): string {
    return this.urlOf(this.options.database ?? DEFAULT_DATABASE);
  }

  get port(): number {
    return this.options.port;
  }

  /** Where the files of the cluster really are. */
  get clusterDir(): string {
    return this.location.clusterDir;
  }

  /** Connection string of the superuser for any database of this server. */
  urlOf(database: string): string {
    return `postgres://${SUPERUSER}:${this.password}@127.0.0.1:${this.port}/${database}`;
  }

  /** Ends all connections, writes a checkpoint and waits for the end. Safe to call twice. */
  async stop(): Promise<void> {
    const { pid } = this.server;
    if (pid === undefined || this.hasExited) return;
    sendSignal(pid, 'SIGINT');
    const escalation = setTimeout(() => sendSignal(pid, 'SIGQUIT'), FAST_STOP_DEADLINE_MS);
    await this.exited;
    clearTimeout(escalation);
  }

  /** Kills the server and every backend at once, as a power cut would, and waits for the end. */
  async kill9(): Promise<void> {
    const { pid } = this.server;
    if (pid === undefined || this.hasExited) return;
    const backends = childrenOf(pid);
    for (const victim of [pid, ...backends]) sendSignal(victim, 'SIGKILL');
    await this.exited;
  }

  /** Stops the server and deletes a cluster that lives outside the data directory; the caller deletes that. */
  async destroy(): Promise<void> {
    await this.stop();
    removeRelocated(this.options.dataDir);
  }

  private get hasExited(): boolean {
    return this.server.exitCode !== null || this.server.signalCode !== null;
  }
}

interface ServerCommand {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly logFile: string;
}

function spawnServer(program: string, account: ServerAccount, command: ServerCommand): ChildProcess {
  mkdirSync(dirname(command.logFile), { recursive: true });
  // The log is a file and not a pipe, so that the server can still write when this process is gone.
  const log = openSync(command.logFile, 'a');
  try {
    const server = spawn(program, command.args, {
      ...account,
      cwd: command.cwd,
      env: serverEnvironment(),
      // A group of its own: Ctrl-C must reach the applications first, the database last.
      detached: true,
      stdio: ['ignore', log, log],
    });
    // Without a listener a program that cannot be started would end this process.
    server.once('error', () => undefined);
    if (server.pid === undefined) {
      throw new EmbeddedPostgresError('START_FAILED', `PostgreSQL could not be started: ${program}`);
    }
    return server;
  } finally {
    closeSync(log);
  }
}
