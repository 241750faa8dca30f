import type { EmbeddedPostgres } from '@steelyard/embedded-postgres';
import { AppProcess, START_ORDER, type AppName } from '@steelyard/processes';
import { AppLog } from './app-log.js';
import { removeDatabaseAddress, writeDatabaseAddress } from './database-address.js';
import { startDatabase } from './database.js';
import { developmentSecret } from './development-token.js';
import { LaunchError } from './launch-error.js';
import type { LaunchConfig } from './launch-config.js';
import { Supervisor } from './supervisor.js';

/** A first start migrates an empty database; a later one replays at most one crash. */
const READY_TIMEOUT_MS = 60_000;

/** What the platform tells the program that runs it. */
export interface PlatformEvents {
  /** A line for the console. */
  readonly onNotice: (text: string) => void;
  /** Something died too often: the platform cannot go on. */
  readonly onGivenUp: (text: string) => void;
}

/** The database and the applications of one machine, started and stopped in order. */
export class Platform {
  readonly #config: LaunchConfig;
  readonly #events: PlatformEvents;
  readonly #apps = new Map<AppName, Supervisor<AppProcess>>();
  readonly #logs: AppLog[] = [];
  #database: Supervisor<EmbeddedPostgres> | undefined;
  #databaseUrl: string | undefined;
  #isStopping = false;

  constructor(config: LaunchConfig, events: PlatformEvents) {
    this.#config = config;
    this.#events = events;
    this.#databaseUrl = config.databaseUrl;
  }

  /** Connection string that the applications use. */
  get databaseUrl(): string | undefined {
    return this.#databaseUrl;
  }

  /** Where the embedded server keeps its files; undefined with a server of the user's own. */
  get clusterDir(): string | undefined {
    return this.#database?.current?.clusterDir;
  }

  /**
   * Starts everything and resolves when every application is ready.
   *
   * @returns false when it was stopped meanwhile
   * @throws LaunchError when something cannot start
   */
  async start(): Promise<boolean> {
    if (this.#config.databaseUrl === undefined) await this.#startDatabase();
    for (const group of START_ORDER) {
      if (this.#isStopping) return false;
      await this.#startGroup(group);
    }
    return !this.#isStopping;
  }

  /** Stops the applications in the opposite order, then the database. Safe at any time. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const group of [...START_ORDER].reverse()) {
      await Promise.all(group.map(async (name) => this.#apps.get(name)?.stop()));
    }
    if (this.#database !== undefined) removeDatabaseAddress(this.#config.dataDir);
    await this.#database?.stop();
    await Promise.all(this.#logs.map((log) => log.close()));
  }

  async #startDatabase(): Promise<void> {
    // A restart keeps the port of the first start: the applications hold its address.
    let port = this.#config.postgresPort;
    this.#database = new Supervisor({
      name: 'PostgreSQL',
      launch: async () => {
        const server = await startDatabase(this.#config, port);
        port = server.port;
        this.#databaseUrl = server.url;
        writeDatabaseAddress(this.#config.dataDir, server.url);
        return server;
      },
      ...this.#events,
    });
    await this.#database.start();
  }

  async #startGroup(names: readonly AppName[]): Promise<void> {
    const supervisors = names.map((name) => this.#supervise(name));
    const outcomes = await Promise.allSettled(supervisors.map((supervisor) => supervisor.start()));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined && !this.#isStopping) {
      throw new LaunchError(failed.reason instanceof Error ? failed.reason.message : String(failed.reason));
    }
  }

  #supervise(name: AppName): Supervisor<AppProcess> {
    const log = new AppLog(name, this.#config.logsDir, this.#events.onNotice);
    this.#logs.push(log);
    const supervisor = new Supervisor({
      name,
      launch: (stopping) => this.#launch(name, log, stopping),
      ...this.#events,
    });
    this.#apps.set(name, supervisor);
    return supervisor;
  }

  async #launch(name: AppName, log: AppLog, stopping: AbortSignal): Promise<AppProcess> {
    const app = new AppProcess({
      name,
      repositoryDir: this.#config.repositoryDir,
      env: {
        ...this.#config.appEnv,
        DATABASE_URL: this.#databaseUrl,
        JWT_HS256_SECRET: developmentSecret(this.#config),
      },
      onLine: (line) => log.write(line),
    });
    try {
      await app.ready({ timeoutMs: READY_TIMEOUT_MS, signal: stopping });
      return app;
    } catch (error) {
      await app.stop();
      throw error;
    }
  }
}
