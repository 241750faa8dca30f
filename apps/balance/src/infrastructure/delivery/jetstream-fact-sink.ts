import {
  DiscardPolicy,
  jetstream,
  JetStreamApiCodes,
  JetStreamApiError,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
} from '@nats-io/jetstream';
import type { factsV1 } from '@steelyard/contracts/grpc';
import { FACT_STREAM, FACT_SUBJECT_PREFIX, factMessage } from '@steelyard/facts/stream';
import type { NatsConnection, NatsLink } from '@steelyard/platform/messaging';
import { OutageError } from '@steelyard/platform/outage';
import { FactSink, type FactDelivery } from '../../application/publish-facts/fact-sink.port.js';

export interface JetStreamSinkSettings {
  /** Whose facts they are: the server may hold others with the same sequences. */
  readonly deploymentId: string;
  /** How long the stream keeps facts; the ledger keeps them for ever. */
  readonly maxAgeMs: number;
  /** How long the server may take to store a batch. */
  readonly deadlineMs: number;
}

/** The name under which the broker's positions are kept. */
export const BROKER = 'nats';

const NANOS_PER_MS = 1_000_000;
/** What is sent again within this time, after an answer that was lost, is in the stream once. */
const DUPLICATE_WINDOW_MS = 120_000;

/**
 * Publishes facts to the JetStream stream. A batch counts as published when the server has stored all of it; what is
 * sent again carries the same message id.
 */
export class JetStreamFactSink extends FactSink {
  override readonly consumer = BROKER;
  readonly #link: NatsLink;
  readonly #settings: JetStreamSinkSettings;
  #stream: Promise<void> | undefined;

  constructor(link: NatsLink, settings: JetStreamSinkSettings) {
    super();
    this.#link = link;
    this.#settings = settings;
  }

  async deliver(deliveries: readonly FactDelivery[]): Promise<readonly bigint[]> {
    const { connection } = this.#link;
    if (!connection) throw new OutageError('NATS is not connected');
    try {
      const facts = deliveries.flatMap((delivery) => delivery.facts);
      await this.#whileConnected(() => this.#publish(connection, facts));
    } catch (error) {
      // The server may have been emptied, or replaced by one without JetStream: looked at again the next time.
      this.#stream = undefined;
      throw new OutageError('JetStream did not store the facts', { cause: error });
    }
    return deliveries.map(({ afterSequence, facts }) => afterSequence + BigInt(facts.length));
  }

  async #publish(connection: NatsConnection, facts: readonly factsV1.Fact[]): Promise<void> {
    await (this.#stream ??= this.#prepareStream(connection));
    const client = jetstream(connection);
    const { deploymentId, deadlineMs: timeout } = this.#settings;
    await Promise.all(
      facts.map((fact) => {
        const { subject, body, msgID, headers } = factMessage(deploymentId, fact);
        return client.publish(subject, body, { msgID, headers, timeout });
      }),
    );
  }

  /** The library lets requests of a lost connection wait for their deadlines. */
  #whileConnected(work: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const forget = this.#link.onceLost(() => reject(new OutageError('NATS was lost')));
      work().then(resolve, reject).finally(forget);
    });
  }

  async #prepareStream(connection: NatsConnection): Promise<void> {
    const manager = await jetstreamManager(connection, { timeout: this.#settings.deadlineMs });
    const wanted = {
      subjects: [`${FACT_SUBJECT_PREFIX}.*`],
      max_age: this.#settings.maxAgeMs * NANOS_PER_MS,
      duplicate_window: Math.min(DUPLICATE_WINDOW_MS, this.#settings.maxAgeMs) * NANOS_PER_MS,
    };
    if (await hasStream(manager)) {
      // What an operator has set besides, such as replicas or a limit in bytes, stays.
      await manager.streams.update(FACT_STREAM, wanted);
      return;
    }
    await manager.streams.add({
      name: FACT_STREAM,
      ...wanted,
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
    });
  }
}

async function hasStream(manager: JetStreamManager): Promise<boolean> {
  try {
    await manager.streams.info(FACT_STREAM);
    return true;
  } catch (error) {
    const isMissing = error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
    if (isMissing) return false;
    throw error;
  }
}
