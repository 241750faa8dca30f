import { setTimeout as delay } from 'node:timers/promises';
import {
  AckPolicy,
  DeliverPolicy,
  jetstreamManager,
  type ConsumerMessages,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { connectNats, type NatsConnection } from '@steelyard/platform/messaging';
import { OutageLog, type Logger } from '@steelyard/platform/observability';
import { FACT_STREAM } from '../stream/index.js';
import type { BucketWorkers } from './bucket-workers.js';
import type { OwnDeployment } from './own-deployment.js';

/** What a feed brings messages to. */
export interface FeedContext {
  /** Known before the first message is looked at. */
  readonly deployment: OwnDeployment;
  readonly workers: BucketWorkers;
}

export interface FeedSettings {
  readonly natsUrl: string;
  /** Names the durable consumer: all processes of the app share it. */
  readonly app: string;
}

const RETRY_DELAY_MIN_MS = 250;
const RETRY_DELAY_MAX_MS = 5_000;
/** A server that does not answer by then is away: what it was not told is delivered again. */
const DRAIN_MAX_MS = 2_000;
/** A message that was not acknowledged after this comes again: longer than a transaction may take. */
const ACK_WAIT_MS = 30_000;
/** Delivered and not acknowledged, over all processes: what bounds the memory they take. */
const UNACKNOWLEDGED_MAX = 4_000;
/** Asked for ahead of what is being applied. */
const AHEAD_MAX = 1_000;
/** A request for messages lasts this long; twice without a sign within half of it, and the server is asked why. */
const REQUEST_EXPIRES_MS = 10_000;
const NANOS_PER_MS = 1_000_000;

/**
 * Facts from the JetStream stream, by a durable pull consumer that is created again whenever it or the stream is
 * gone. What that loses or repeats is settled by the inbox.
 */
export class JetStreamFeed {
  readonly #stopping = new AbortController();
  readonly #log: OutageLog;
  #running: Promise<void> = Promise.resolve();
  #messages: ConsumerMessages | undefined;

  constructor(
    private readonly settings: FeedSettings,
    private readonly context: FeedContext,
    private readonly logger: Logger,
  ) {
    this.#log = new OutageLog(logger, 'nats', 'facts');
  }

  /** Begins in the background: without NATS the app works, and catches up over gRPC. */
  start(): void {
    this.#running = this.#run();
  }

  /** Takes no more messages, finishes those that are being applied, and disconnects. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#messages?.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    const connection = await this.#connect();
    if (connection === undefined) return;
    const watching = this.#watch(connection);
    await this.#consumeAgainAndAgain(connection);
    await this.context.workers.stop();
    await leave(connection);
    await watching;
  }

  async #connect(): Promise<NatsConnection | undefined> {
    const { natsUrl, app } = this.settings;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        return await connectNats(natsUrl, `${app} facts`);
      } catch (error) {
        this.#log.lost(error);
        await delay(RETRY_DELAY_MIN_MS, undefined, { signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  async #consumeAgainAndAgain(connection: NatsConnection): Promise<void> {
    const { signal } = this.#stopping;
    let delayMs = RETRY_DELAY_MIN_MS;
    while (!signal.aborted && !connection.isClosed()) {
      try {
        await this.context.deployment.ensureKnown();
        await this.#consume(await jetstreamManager(connection));
        delayMs = RETRY_DELAY_MIN_MS;
      } catch (error) {
        // The stream is the balance app's to create, and whose facts count it says; or one of them is away, or starting.
        this.logger.debug({ error, delayMs }, 'facts.stream.waiting');
      }
      await delay(delayMs, undefined, { signal }).catch(() => undefined);
      delayMs = Math.min(delayMs * 2, RETRY_DELAY_MAX_MS);
    }
  }

  /** Ends when the consumer, the stream or the connection is gone, or when the app stops. */
  async #consume(manager: JetStreamManager): Promise<void> {
    const { app } = this.settings;
    await manager.consumers.add(FACT_STREAM, {
      durable_name: app,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: ACK_WAIT_MS * NANOS_PER_MS,
      max_ack_pending: UNACKNOWLEDGED_MAX,
      max_deliver: -1,
    });
    const consumer = await manager.jetstream().consumers.get(FACT_STREAM, app);
    const messages = await consumer.consume({
      max_messages: AHEAD_MAX,
      expires: REQUEST_EXPIRES_MS,
      abort_on_missing_resource: true,
      callback: (message) => this.context.workers.take(message),
    });
    this.#messages = messages;
    if (this.#stopping.signal.aborted) messages.stop();
    this.#log.regained();
    this.logger.info({ stream: FACT_STREAM, consumer: app }, 'facts.stream.joined');
    const reason = await messages.closed();
    this.#messages = undefined;
    if (reason instanceof Error) throw reason;
  }

  /** A server that was away may have lost consumer and stream: joining again finds out at once. */
  async #watch(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect' && !this.#stopping.signal.aborted) this.#log.lost();
      if (type === 'reconnect') this.#messages?.stop();
    }
  }
}

/** Sends what is acknowledged; without a server there is nobody to send it to. */
async function leave(connection: NatsConnection): Promise<void> {
  const left = new AbortController();
  const tooLong = delay(DRAIN_MAX_MS, undefined, { signal: left.signal });
  await Promise.race([connection.drain(), tooLong]).catch(() => undefined);
  left.abort();
  await tooLong.catch(() => undefined);
  await connection.close();
}
