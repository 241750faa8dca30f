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

/** Consumers that keep step get the same facts: encoding them costs as much as sending them, and is done once. */
const CONSUMER_SERVICE = {
  deliver: {
    ...deliver,
    requestSerialize: (request: factsV1.DeliverRequest): Buffer => {
      const known = encoded.get(request.facts);
      if (known) return known;
      const bytes = deliver.requestSerialize(request);
      encoded.set(request.facts, bytes);
      return bytes;
    },
  },
};

/** Pushes facts to one consumer and goes on from where it says that it is. */
export class GrpcFactSink extends FactSink {
  override readonly consumer: string;
  readonly #client: ReturnType<typeof grpcClient<typeof CONSUMER_SERVICE>>;

  constructor({ consumer, address, deadlineMs }: GrpcSinkSettings) {
    super();
    this.consumer = consumer;
    this.#client = grpcClient(CONSUMER_SERVICE, { address, deadlineMs });
  }

  async deliver({ bucket, facts }: FactDelivery): Promise<bigint> {
    // Nobody changes it; the generated type cannot say so.
    const request = { bucket, facts: facts as factsV1.Fact[] };
    const { appliedThrough } = await this.#client.call('deliver', request);
    return appliedThrough;
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
