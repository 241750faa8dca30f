import { setTimeout as delay } from 'node:timers/promises';
import { connect, errors, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';
import { OutageError } from '../outage/index.js';

export type { NatsConnection };

export interface NatsConnectSettings {
  /** How long one attempt to connect may take. Default 5 seconds. */
  readonly connectTimeoutMs?: number;
  /** How long to go on trying while no server is up yet. Default: one attempt. */
  readonly waitMs?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** A silent server is noticed after this, twice. */
const PING_INTERVAL_MS = 10_000;
const PINGS_UNANSWERED_MAX = 2;
const RETRY_DELAY_MS = 250;
const RECONNECT_DELAY_MIN_MS = 100;
const RECONNECT_DELAY_MAX_MS = 2_000;

/**
 * Connects to NATS. A connection that breaks later is restored, however long that takes; what is published in
 * the meantime is sent then, and requests end at their deadline.
 *
 * @param url nats://user:password@host:port; several servers of a cluster are separated by commas.
 * @param name shown in the server's monitoring.
 * @throws OutageError when no server can be reached, after waiting for it.
 */
export async function connectNats(
  url: string,
  name: string,
  settings: NatsConnectSettings = {},
): Promise<NatsConnection> {
  const giveUpAtMs = Date.now() + (settings.waitMs ?? 0);
  const options = connectOptions(url, name, settings);
  for (;;) {
    try {
      return await connect(options);
    } catch (error) {
      if (error instanceof errors.AuthorizationError) throw error;
      if (Date.now() >= giveUpAtMs) throw new OutageError('NATS cannot be reached', { cause: error });
      await delay(RETRY_DELAY_MS, undefined, { signal: settings.signal });
    }
  }
}

function connectOptions(url: string, name: string, settings: NatsConnectSettings): NodeConnectionOptions {
  const servers = url.split(',').map((server) => new URL(server.trim()));
  return {
    servers: servers.map(({ host }) => host),
    ...credentialsOf(servers[0]),
    ...(servers.some(({ protocol }) => protocol === 'tls:') ? { tls: {} } : {}),
    name,
    timeout: settings.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: PINGS_UNANSWERED_MAX,
    reconnect: true,
    maxReconnectAttempts: -1,
    // A jitter over the whole range keeps apps from coming back all at once.
    reconnectDelayHandler: () =>
      RECONNECT_DELAY_MIN_MS + Math.random() * (RECONNECT_DELAY_MAX_MS - RECONNECT_DELAY_MIN_MS),
  };
}

// The library reads host and port of a URL only.
function credentialsOf(server: URL | undefined): { user?: string; pass?: string; token?: string } {
  if (!server?.username) return {};
  const user = decodeURIComponent(server.username);
  return server.password ? { user, pass: decodeURIComponent(server.password) } : { token: user };
}
