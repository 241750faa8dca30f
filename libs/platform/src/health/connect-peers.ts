import type { AppRuntime } from '../lifecycle/index.js';
import { connectNats } from '../messaging/index.js';
import { createPool } from '../postgres/index.js';
import { GrpcPeerReadiness } from './grpc-peer.readiness.js';
import { NatsReadiness } from './nats.readiness.js';
import { PostgresReadiness } from './postgres.readiness.js';
import type { ReadinessCheck } from './readiness-check.js';

/** Where the things are that an app depends on. */
export interface Peers {
  readonly databaseUrl: string;
  /** Addresses (host:port) of other apps' gRPC servers, by name. */
  readonly grpc: Readonly<Record<string, string>>;
  readonly natsUrl?: string | undefined;
}

/** Checks ask one at a time; the second connection is there while the first is being replaced. */
const CONNECTIONS_MAX = 2;
const STATEMENT_TIMEOUT_MS = 5_000;
const NATS_WAIT_MS = 60_000;

/**
 * Connects to what an app depends on for the sole purpose of saying whether it is there, until the app ends.
 * An app that works with PostgreSQL or NATS has its own pool or connection and checks that.
 */
export async function connectPeers(peers: Peers, runtime: AppRuntime): Promise<readonly ReadinessCheck[]> {
  const grpc = Object.entries(peers.grpc).map(([name, address]) => new GrpcPeerReadiness(name, address));
  const nats = peers.natsUrl === undefined ? [] : [await connectToNats(peers.natsUrl, runtime)];
  return [connectToPostgres(peers.databaseUrl, runtime), ...grpc, ...nats];
}

function connectToPostgres(url: string, { name, logger, onClose }: AppRuntime): ReadinessCheck {
  const pool = createPool({
    url,
    applicationName: name,
    sizeMax: CONNECTIONS_MAX,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    onConnectionLost: (error) => logger.warn({ error }, 'postgres.connection.lost'),
  });
  onClose(() => pool.end());
  return new PostgresReadiness(pool);
}

async function connectToNats(url: string, { name, onClose }: AppRuntime): Promise<ReadinessCheck> {
  const connection = await connectNats(url, name, { waitMs: NATS_WAIT_MS });
  onClose(() => connection.close());
  return new NatsReadiness(connection);
}
