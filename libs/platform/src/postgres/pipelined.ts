import { setTimeout as delay } from 'node:timers/promises';
import type { QueryResult, QueryResultRow } from 'pg';
import { OutageError } from '../outage/index.js';
import { CONNECT_TIMEOUT_MS, connectionConfig, type ConnectionOptions } from './connection-config.js';
import { connectFailure } from './pool.js';
import { WatchedClient } from './watched-client.js';

export interface PipelinedOptions extends ConnectionOptions {
  /** Told when the connection breaks and when an attempt to restore it fails. */
  readonly onConnectionLost?: (error: unknown) => void;
}

/** A statement; with a `name` it is prepared once a connection. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values?: unknown[];
}

/** Long enough not to burden a server that starts, short enough to be back soon after it. */
const RECONNECT_DELAY_MAX_MS = 2_000;
const RECONNECT_DELAY_MIN_MS = 50;

/**
 * One connection that takes statements without waiting for the answers to earlier ones; they run one after the
 * other, in the order of the calls. A lost connection fails what was under way with OutageError and is restored
 * in the background. Cursors and LISTEN do not work on it. The caller bounds how much it sends at once.
 */
export class PipelinedConnection {
  readonly #options: PipelinedOptions;
  readonly #closing = new AbortController();
  #client: WatchedClient | undefined;
  #restoring: Promise<WatchedClient> | undefined;

  constructor(options: PipelinedOptions) {
    this.#options = options;
  }

  /** Connects for the first time. Used by openPipelined. */
  async open(): Promise<this> {
    this.#adopt(await this.#connect());
    return this;
  }

  /** False while the connection is being restored. */
  get isConnected(): boolean {
    return this.#client !== undefined;
  }

  /**
   * Sends a statement. While the connection is being restored it waits for that, as long as a connection may take.
   *
   * @throws OutageError, also when the statement may have taken effect but its answer was lost.
   */
  query<Row extends QueryResultRow>(statement: Statement): Promise<QueryResult<Row>> {
    return this.#client
      ? this.#client.query<Row>(statement)
      : this.#restored().then((client) => client.query<Row>(statement));
  }

  /**
   * Sends BEGIN, the statements and COMMIT at once: one round trip, all or nothing.
   *
   * @returns the statements' results, when the transaction is committed.
   * @throws the first statement's error, when it is rolled back.
   */
  async transaction(statements: readonly Statement[]): Promise<QueryResult[]> {
    const client = this.#client ?? (await this.#restored());
    const [begun, committed, ...results] = await sendTransaction(client, statements);
    const failed = [begun, ...results, committed].find((result) => result.status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    if (committed.status !== 'fulfilled' || committed.value.command !== 'COMMIT') {
      throw new Error('PostgreSQL rolled back a transaction none of whose statements failed');
    }
    return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  }

  /** Answers what was sent, then disconnects for good. */
  async close(): Promise<void> {
    this.#closing.abort();
    const client = this.#client;
    this.#client = undefined;
    await client?.end();
  }

  async #connect(): Promise<WatchedClient> {
    const client = new WatchedClient({ ...connectionConfig(this.#options), pipeline: true });
    try {
      await client.connect();
      return client;
    } catch (error) {
      throw connectFailure(error);
    }
  }

  #adopt(client: WatchedClient): void {
    this.#client = client;
    client.once('error', (error) => this.#replace(client, error));
    client.once('end', () => this.#replace(client, new OutageError('PostgreSQL closed the connection')));
    // Lost between its last event and these listeners.
    if (client.isLost) this.#replace(client, new OutageError('PostgreSQL closed the connection'));
  }

  #replace(client: WatchedClient, error: unknown): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#options.onConnectionLost?.(error);
    this.#restoring = this.#restore();
    // Who waits for it hears of its failure; when nobody does, it is not an unhandled rejection.
    this.#restoring.catch(() => undefined);
  }

  // Ends when it succeeds or the connection is closed: a database may be away for any length of time.
  async #restore(): Promise<WatchedClient> {
    for (let delayMs = RECONNECT_DELAY_MIN_MS; ; delayMs = Math.min(delayMs * 2, RECONNECT_DELAY_MAX_MS)) {
      await delay(delayMs, undefined, { signal: this.#closing.signal });
      try {
        const client = await this.#connect();
        if (this.#closing.signal.aborted) await client.end();
        else this.#adopt(client);
        return client;
      } catch (error) {
        this.#options.onConnectionLost?.(error);
      }
    }
  }

  async #restored(): Promise<WatchedClient> {
    const waitMs = this.#options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
    const gaveUp = new AbortController();
    try {
      return await Promise.race([
        this.#restoring ?? Promise.reject(new Error('the connection is closed')),
        delay(waitMs, undefined, { signal: gaveUp.signal }).then(() =>
          Promise.reject(new Error(`not within ${waitMs} ms`)),
        ),
      ]);
    } catch (error) {
      throw new OutageError('PostgreSQL cannot be reached', { cause: error });
    } finally {
      gaveUp.abort();
    }
  }
}

/** Opens a pipelined connection. @throws OutageError when the database is out of reach. */
export async function openPipelined(options: PipelinedOptions): Promise<PipelinedConnection> {
  return new PipelinedConnection(options).open();
}

// Nothing is awaited between the calls, so no other statement of this connection comes between them.
function sendTransaction(client: WatchedClient, statements: readonly Statement[]) {
  const begun = client.query('begin isolation level read committed');
  const results = statements.map((statement) => client.query(statement));
  const committed = client.query('commit');
  return Promise.allSettled([begun, committed, ...results]);
}
