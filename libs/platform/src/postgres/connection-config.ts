import type { ClientConfig } from 'pg';
import { BIGINT_TYPES } from './int8-types.js';

/** What every connection needs to know. Durations in milliseconds. */
export interface ConnectionOptions {
  /** postgres://user:password@host:port/database */
  readonly url: string;
  /** Role that the session works as; the login must be a member of it. */
  readonly role?: string;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** PostgreSQL ends a statement that takes longer. */
  readonly statementTimeoutMs: number;
  /** PostgreSQL ends a statement that waits longer for a lock. Default: half of the statement timeout. */
  readonly lockTimeoutMs?: number;
  /** Default 5 seconds. */
  readonly connectTimeoutMs?: number;
  /** Server settings of the session, such as { plan_cache_mode: 'force_generic_plan' }. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Configuration of a WatchedClient: pg's own and how long to wait for an answer. */
export interface WatchedClientConfig extends ClientConfig {
  readonly answerTimeoutMs: number;
}

export const CONNECT_TIMEOUT_MS = 5_000;
/** A peer that vanished is noticed on an idle connection after this and the system's probes. */
const KEEP_ALIVE_DELAY_MS = 10_000;
/** Beyond the statement timeout, for an answer on its way. After that the network is the problem. */
const ANSWER_GRACE_MS = 5_000;
/** A session may not sit in a transaction, holding its locks, longer than this many statement timeouts. */
const IDLE_IN_TRANSACTION_FACTOR = 2;

const SETTING_NAME_PATTERN = /^[a-z_][a-z0-9_.]{0,62}$/;

/** pg's configuration for a connection, every timeout explicit. */
export function connectionConfig(options: ConnectionOptions): WatchedClientConfig {
  const { url, startupOptions } = splitStartupOptions(options.url);
  const { role, settings = {}, statementTimeoutMs } = options;
  return {
    connectionString: url,
    application_name: options.applicationName,
    options: [startupOptions, ...settingOptions(role === undefined ? settings : { ...settings, role })]
      .join(' ')
      .trim(),
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
    connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    lock_timeout: options.lockTimeoutMs ?? Math.ceil(statementTimeoutMs / 2),
    idle_in_transaction_session_timeout: statementTimeoutMs * IDLE_IN_TRANSACTION_FACTOR,
    answerTimeoutMs: statementTimeoutMs + ANSWER_GRACE_MS,
    types: BIGINT_TYPES,
  };
}

// pg lets `options` of the URL replace ours instead of joining them.
function splitStartupOptions(url: string): { readonly url: string; readonly startupOptions: string } {
  const parsed = new URL(url);
  const startupOptions = parsed.searchParams.get('options') ?? '';
  if (startupOptions === '') return { url, startupOptions };
  parsed.searchParams.delete('options');
  return { url: parsed.href, startupOptions };
}

function settingOptions(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).map(([name, value]) => {
    if (!SETTING_NAME_PATTERN.test(name))
      throw new TypeError(`${name} is not the name of a PostgreSQL setting`);
    return `-c ${name}=${value.replaceAll('\\', '\\\\').replaceAll(' ', '\\ ')}`;
  });
}
