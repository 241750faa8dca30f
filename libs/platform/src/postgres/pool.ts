import pg from 'pg';
import { OutageError } from '../outage/index.js';
import { connectionConfig, type ConnectionOptions, type WatchedClientConfig } from './connection-config.js';
import { isOutage } from './sqlstate.js';
import { WatchedClient } from './watched-client.js';

export type Pool = pg.Pool;

/** What a pool needs to know. */
export interface PoolOptions extends ConnectionOptions {
  /** The most connections that the pool opens. */
  readonly sizeMax: number;
  /** Told when an idle connection breaks; the pool replaces it. */
  readonly onConnectionLost?: (error: Error) => void;
}

type ConnectCallback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: unknown) => void,
) => void;

/** An idle connection is closed after this: what a burst opened should not stay. */
const IDLE_TIMEOUT_MS = 30_000;

/** A pg pool whose connections are watched, and whose failures to connect are outages. */
export class WatchedPool extends pg.Pool {
  constructor(config: pg.PoolConfig & WatchedClientConfig) {
    // The type asks for a constructor without parameters; pg-pool calls it with the pool's configuration.
    super({ ...config, Client: WatchedClient as unknown as new () => pg.Client });
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<pg.PoolClient> | void {
    if (callback) {
      super.connect((error, client, done) => callback(error && connectFailure(error), client, done));
      return;
    }
    return super.connect().catch((error: unknown) => {
      throw connectFailure(error);
    });
  }
}

/**
 * A pool of watched connections: int8 arrives as bigint, outages as OutageError, every timeout is set. End it
 * with `end()` in onApplicationShutdown, when no request can need it any more.
 */
export function createPool(options: PoolOptions): Pool {
  const pool = new WatchedPool({
    ...connectionConfig(options),
    max: options.sizeMax,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
  });
  // Without a listener the event would end the process; the pool drops the connection by itself.
  pool.on('error', (error) => options.onConnectionLost?.(error));
  return pool;
}

/** The server's answer when it gave one that is not about its state; whatever else kept us from connecting is an outage. */
export function connectFailure(error: unknown): Error {
  if (error instanceof pg.DatabaseError && !isOutage(error)) return error;
  if (error instanceof OutageError) return error;
  return new OutageError('PostgreSQL cannot be reached', { cause: error });
}
