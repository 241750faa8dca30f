import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '@steelyard/embedded-postgres';
import { freePort } from '@steelyard/processes';

/** A PostgreSQL server of one test's own, which the test may kill. */
export interface TestPostgres {
  readonly port: number;
  /** Superuser's connection string of a database that exists. Stays the same over restarts. */
  readonly url: string;
  /** Connection string of another database on this server, which must exist. */
  urlOf(database: string): string;
  /** Kills the server and all its backends, as a power cut would. */
  kill9(): Promise<void>;
  /** Starts the stopped or killed server again: same port, same data. */
  restart(): Promise<void>;
  /** Ends the server and deletes its data. */
  stop(): Promise<void>;
}

/** Starts an embedded PostgreSQL on a free port with its data in a temporary directory. */
export async function startPostgres(settings: Readonly<Record<string, string>> = {}): Promise<TestPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'steelyard-postgres-'));
  // As root the server runs under another account, which must be able to pass.
  await chmod(dataDir, 0o755);
  const options = { dataDir, port: await freePort(), settings };
  let server = await EmbeddedPostgres.start(options);
  return {
    port: server.port,
    url: server.url,
    urlOf: (database) => server.urlOf(database),
    kill9: () => server.kill9(),
    restart: async () => {
      await server.stop();
      server = await EmbeddedPostgres.start(options);
    },
    stop: async () => {
      await server.destroy();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
