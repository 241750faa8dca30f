import { factsV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import { FactSink, type FactDelivery } from '../../application/publish-facts/fact-sink.port.js';

export interface GrpcSinkSettings {
  /** The consumer's name. */
  readonly consumer: string;
  /** host:port */
  readonly address: string;
  /** How long one delivery may take. */
  readonly deadlineMs: number;
}

const { deliver } = factsV1.FactConsumerServiceService;
const encoded = new WeakMap<readonly factsV1.Fact[], Buffer>();

/** What the client is given is deliveries; only the consumer reads the request that becomes of them. */
const CONSUMER_SERVICE = {
  deliver: {
    ...deliver,
    requestSerialize: encodeDeliveries,
    requestDeserialize: (): readonly FactDelivery[] => {
      throw new TypeError('deliveries are read by consumers');
    },
  },
};

/** Parts of a message, one behind the other, are the whole message: lists grow with each part. */
function encodeDeliveries(deliveries: readonly FactDelivery[]): Buffer {
  const head = deliver.requestSerialize({ bucket: deliveries[0]?.bucket ?? 0, facts: [] });
  return Buffer.concat([head, ...deliveries.map(({ facts }) => encodedOnce(facts))]);
}

/** Consumers that keep step get the same facts: encoding them costs as much as sending them, and is done once. */
function encodedOnce(facts: readonly factsV1.Fact[]): Buffer {
  const known = encoded.get(facts);
  if (known) return known;
  // Nobody changes them; the generated type cannot say so.
  const bytes = deliver.requestSerialize({ bucket: 0, facts: facts as factsV1.Fact[] });
  encoded.set(facts, bytes);
  return bytes;
}

/** Pushes facts to one consumer and goes on from where it says that it is. */
export class GrpcFactSink extends FactSink {
  override readonly consumer: string;
  readonly #client: ReturnType<typeof grpcClient<typeof CONSUMER_SERVICE>>;

  constructor({ consumer, address, deadlineMs }: GrpcSinkSettings) {
    super();
    this.consumer = consumer;
    this.#client = grpcClient(CONSUMER_SERVICE, { address, deadlineMs });
  }

  async deliver(deliveries: readonly FactDelivery[]): Promise<readonly bigint[]> {
    const { applied, appliedThrough } = await this.#client.call('deliver', deliveries);
    if (applied.length === 0 && deliveries.length === 1) return [appliedThrough];
    const sequences = new Map(applied.map(({ bucket, sequence }) => [bucket, sequence]));
    return deliveries.map(({ bucket, afterSequence }) => sequences.get(bucket) ?? afterSequence);
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
