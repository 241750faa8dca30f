import type { NatsConnection } from '@nats-io/transport-node';
import { OutageLog, type Logger } from '../observability/index.js';
import { OutageError } from '../outage/index.js';
import { connectNats } from './connect-nats.js';

export interface NatsLinkSettings {
  /** Shown in the server's monitoring. */
  readonly name: string;
  /** Told once when the connection is lost and once when it is back. */
  readonly logger: Logger;
  /** True: there is another way, so nobody waits for a server to come up. */
  readonly isOptional: boolean;
  /** What for, in the lines about losing and regaining it. Default 'rpc'. */
  readonly use?: string;
}

/** A NATS server that is started together with the apps is up by then. */
const REQUIRED_WAIT_MS = 30_000;

type Work = (connection: NatsConnection) => Promise<void>;

/** A connection to NATS that knows whether it is there, for those who can do something else while it is not. */
export class NatsLink {
  readonly isOptional: boolean;
  readonly #url: string;
  readonly #name: string;
  readonly #logger: Logger;
  readonly #log: OutageLog;
  readonly #closing = new AbortController();
  readonly #works: Work[] = [];
  readonly #lossListeners = new Set<() => void>();
  #connection: NatsConnection | undefined;
  #isUp = false;

  private constructor(url: string, { name, logger, isOptional, use = 'rpc' }: NatsLinkSettings) {
    this.#url = url;
    this.#name = name;
    this.#logger = logger;
    this.#log = new OutageLog(logger, 'nats', use);
    this.isOptional = isOptional;
  }

  /**
   * Connects; an optional link goes on trying in the background, as long as it takes.
   *
   * @throws OutageError when the link is not optional and no server comes up in time.
   */
  static async open(url: string, settings: NatsLinkSettings): Promise<NatsLink> {
    const link = new NatsLink(url, settings);
    if (settings.isOptional) void link.#connectInBackground();
    else await link.#adopt(await connectNats(url, settings.name, { waitMs: REQUIRED_WAIT_MS }));
    return link;
  }

  /** The connection while it is there. */
  get connection(): NatsConnection | undefined {
    return this.#isUp ? this.#connection : undefined;
  }

  /** Resolves when the server has answered. @throws OutageError while it is not connected. */
  async flush(): Promise<void> {
    if (!this.connection) throw new OutageError('NATS is not connected');
    await this.connection.flush();
  }

  /** Does something with the first connection: now and awaited, or in the background when it is there. */
  async whenConnected(work: Work): Promise<void> {
    if (this.#connection) await work(this.#connection);
    else this.#works.push(work);
  }

  /** Calls back when the connection is lost the next time. Returns how to call that off. */
  onceLost(listener: () => void): () => void {
    this.#lossListeners.add(listener);
    return () => this.#lossListeners.delete(listener);
  }

  /** Sends what is under way, then disconnects for good. */
  async close(): Promise<void> {
    this.#closing.abort();
    const connection = this.#connection;
    if (!connection || connection.isClosed()) return;
    // Without a server there is nobody to wait for.
    await (this.#isUp ? connection.drain() : connection.close());
  }

  async #connectInBackground(): Promise<void> {
    const { signal } = this.#closing;
    try {
      const connection = await connectNats(this.#url, this.#name).catch((error: unknown) => {
        if (!(error instanceof OutageError)) throw error;
        this.#log.lost(error);
        return connectNats(this.#url, this.#name, { waitMs: Infinity, signal });
      });
      if (signal.aborted) await connection.close();
      else await this.#adopt(connection);
    } catch (error) {
      // Wrong credentials: trying again does not help, and the other way is there.
      if (!signal.aborted) this.#logger.error({ error }, 'nats.failed');
    }
  }

  async #adopt(connection: NatsConnection): Promise<void> {
    this.#connection = connection;
    this.#isUp = true;
    this.#log.regained();
    void this.#watch(connection);
    for (const work of this.#works.splice(0)) await work(connection);
  }

  /** Ends with the connection. */
  async #watch(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') this.#lose();
      if (type === 'reconnect') {
        this.#isUp = true;
        this.#log.regained();
      }
    }
    this.#lose();
  }

  #lose(): void {
    this.#isUp = false;
    if (!this.#closing.signal.aborted) this.#log.lost();
    const listeners = [...this.#lossListeners];
    this.#lossListeners.clear();
    for (const listener of listeners) listener();
  }
}
