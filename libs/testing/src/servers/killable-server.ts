import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type LocalServerOptions, type ServerProcess } from '@steelyard/processes';

/** A server of one test's own, which the test may kill. */
export interface KillableServer {
  readonly port: number;
  /** Stays the same over restarts. */
  readonly url: string;
  /** Kills the server without warning. */
  kill9(): Promise<void>;
  /** Starts the stopped or killed server again: same port, same files. */
  restart(): Promise<void>;
  /** Ends the server and deletes its files. */
  stop(): Promise<void>;
}

/** Runs a server on a free port with its files in a temporary directory. */
export async function startKillableServer(
  protocol: 'redis' | 'nats',
  start: (options: LocalServerOptions) => Promise<ServerProcess>,
  args: readonly string[] = [],
): Promise<KillableServer> {
  const dir = await mkdtemp(join(tmpdir(), `steelyard-${protocol}-`));
  const port = await freePort();
  let server = await start({ port, dir, args });
  return {
    port,
    url: `${protocol}://127.0.0.1:${port}`,
    kill9: () => server.kill9(),
    restart: async () => {
      await server.stop();
      server = await start({ port, dir, args });
    },
    stop: async () => {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
