import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ServerProcess } from './server-process.js';

/** Where a local Redis or NATS server runs and keeps its files. */
export interface LocalServerOptions {
  readonly port: number;
  /** An existing directory for the server's files. */
  readonly dir: string;
  /** Further command-line arguments. */
  readonly args?: readonly string[];
}

/** The programs that tests and development may find on the PATH. */
export const LOCAL_SERVERS = { redis: 'redis-server', nats: 'nats-server' } as const;
export type LocalServerName = keyof typeof LOCAL_SERVERS;

/** Redis on 127.0.0.1 that keeps its data over a restart (append-only file, synced every second). */
export function startRedisServer(options: LocalServerOptions): Promise<ServerProcess> {
  const { port, dir, args = [] } = options;
  return ServerProcess.start({
    program: LOCAL_SERVERS.redis,
    args: [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      dir,
      '--save',
      '',
      ...redisDurability,
      ...args,
    ],
    port,
    hello: 'PING\r\n',
    greeting: '+PONG',
  });
}

/** NATS with JetStream on 127.0.0.1. */
export function startNatsServer(options: LocalServerOptions): Promise<ServerProcess> {
  const { port, dir, args = [] } = options;
  return ServerProcess.start({
    program: LOCAL_SERVERS.nats,
    args: ['--port', String(port), '--addr', '127.0.0.1', '--jetstream', '--store_dir', dir, ...args],
    port,
    greeting: 'INFO ',
  });
}

/** Whether the program of a local server is on the PATH. */
export function isInstalled(name: LocalServerName): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => isExecutable(join(folder, LOCAL_SERVERS[name])));
}

const redisDurability = ['--appendonly', 'yes', '--appendfsync', 'everysec'];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
