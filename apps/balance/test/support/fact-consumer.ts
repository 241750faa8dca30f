import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import { factsV1 } from '@steelyard/contracts/grpc';

type Deliver = (request: factsV1.DeliverRequest) => Promise<bigint> | bigint;

/**
 * A consumer of facts as another service would be one: a gRPC server that applies what follows, skips what it has,
 * and says how far it came. A test may replace what it does.
 */
export class FactConsumer {
  /** Every delivery that arrived, in order. */
  readonly deliveries: factsV1.DeliverRequest[] = [];
  /** The last fact applied, by bucket. */
  readonly applied = new Map<number, bigint>();
  /** Facts in the order of their application, by bucket. */
  readonly facts = new Map<number, factsV1.Fact[]>();
  /** What it does with a delivery; a throw is a failure. */
  deliver: Deliver = (request) => this.apply(request);
  #server: Server | undefined;
  #port = 0;

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  /** Listens; on the same port as before when it was stopped. */
  async start(): Promise<this> {
    const server = new Server();
    server.addService(factsV1.FactConsumerServiceService, {
      deliver: (
        call: { request: factsV1.DeliverRequest },
        callback: (error: { code: status; details: string } | null, answer?: factsV1.DeliverResponse) => void,
      ) => {
        this.deliveries.push(call.request);
        Promise.resolve(call.request)
          .then((request) => this.deliver(request))
          .then(
            (appliedThrough) => callback(null, { appliedThrough }),
            (error: unknown) => callback({ code: status.INTERNAL, details: String(error) }),
          );
      },
    });
    this.#port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(this.address, ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
    this.#server = server;
    return this;
  }

  /** As if its process were killed. */
  stop(): void {
    this.#server?.forceShutdown();
    this.#server = undefined;
  }

  /** Applies what follows what it has. */
  apply({ bucket, facts }: factsV1.DeliverRequest): bigint {
    for (const fact of facts) {
      const through = this.applied.get(bucket) ?? 0n;
      if (fact.sequence !== through + 1n) continue;
      this.applied.set(bucket, fact.sequence);
      const known = this.facts.get(bucket);
      if (known) known.push(fact);
      else this.facts.set(bucket, [fact]);
    }
    return this.applied.get(bucket) ?? 0n;
  }

  /** How many facts it has applied. */
  get count(): number {
    return [...this.facts.values()].reduce((sum, facts) => sum + facts.length, 0);
  }
}
