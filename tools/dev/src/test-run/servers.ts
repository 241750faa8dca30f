import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '@steelyard/embedded-postgres';
import {
  freePort,
  isInstalled,
  LOCAL_SERVERS,
  startNatsServer,
  startRedisServer,
  type LocalServerName,
  type LocalServerOptions,
  type ServerProcess,
} from '@steelyard/processes';

/** Where the tests find the servers of a run. */
export interface ServerUrls {
  readonly TEST_DATABASE_URL: string;
  readonly REDIS_URL?: string;
  readonly NATS_URL?: string;
}

type Starter = (options: LocalServerOptions) => Promise<ServerProcess>;

interface OptionalServer {
  readonly name: LocalServerName;
  readonly variable: 'REDIS_URL' | 'NATS_URL';
  readonly start: Starter;
}

const OPTIONAL_SERVERS: readonly OptionalServer[] = [
  { name: 'redis', variable: 'REDIS_URL', start: startRedisServer },
  { name: 'nats', variable: 'NATS_URL', start: startNatsServer },
];

/** The servers that all test suites of one run share; suites that kill servers start their own. */
export class TestServers {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #print: (line: string) => void;
  readonly #releases: (() => Promise<unknown>)[] = [];

  constructor(environment: NodeJS.ProcessEnv, print: (line: string) => void) {
    this.#environment = environment;
    this.#print = print;
  }

  /**
   * Starts what the environment does not name.
   *
   * @throws Error under CI=true when Redis or NATS is neither named nor installed
   */
  async start(): Promise<ServerUrls> {
    const dir = await mkdtemp(join(tmpdir(), 'steelyard-test-'));
    this.#releases.push(() => rm(dir, { recursive: true, force: true }));
    // As root the database runs under another account, which must be able to pass.
    await chmod(dir, 0o755);
    let urls: ServerUrls = { TEST_DATABASE_URL: await this.#postgres(dir) };
    for (const server of OPTIONAL_SERVERS) {
      const url = await this.#optional(server, dir);
      if (url !== undefined) urls = { ...urls, [server.variable]: url };
    }
    return urls;
  }

  /** Stops every server, the last one first, even when one of them fails to stop, and deletes their files. */
  async stop(): Promise<void> {
    for (const release of this.#releases.splice(0).reverse()) {
      await release().catch((error: unknown) => this.#print(`while stopping servers: ${String(error)}`));
    }
  }

  async #postgres(dir: string): Promise<string> {
    const given = this.#environment['TEST_DATABASE_URL'];
    if (given !== undefined && given !== '') return given;
    const server = await EmbeddedPostgres.start({ dataDir: join(dir, 'postgres'), port: await freePort() });
    this.#releases.push(() => server.destroy());
    return server.url;
  }

  async #optional(server: OptionalServer, dir: string): Promise<string | undefined> {
    const given = this.#environment[server.variable];
    if (given !== undefined && given !== '') return given;
    if (!isInstalled(server.name)) {
      const program = LOCAL_SERVERS[server.name];
      if (this.#environment['CI'] === 'true')
        throw new Error(`${program} is not on the PATH and ${server.variable} is not set`);
      this.#print(
        `*** ${program} is not on the PATH and ${server.variable} is not set: suites that need it are LEFT OUT ***`,
      );
      return undefined;
    }
    const files = join(dir, server.name);
    await mkdir(files);
    const process = await server.start({ port: await freePort(), dir: files });
    this.#releases.push(() => process.stop());
    return `${server.name}://127.0.0.1:${process.port}`;
  }
}
