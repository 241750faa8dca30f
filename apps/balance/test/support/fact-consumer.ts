import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import { factsV1 } from '@steelyard/contracts/grpc';
import { freePort } from '@steelyard/processes';

type Deliver = (request: factsV1.DeliverRequest) => Promise<bigint> | bigint;

/**
 * A consumer of facts as another service would be one: a gRPC server that applies what follows, skips what it has,
 * and says how far it came. A test may replace what it does.
 */
export class FactConsumer {
  /** What arrived, in order, one for each bucket of a call. */
  readonly deliveries: factsV1.DeliverRequest[] = [];
  /** Calls that brought them. */
  calls = 0;
  /** The last fact applied, by bucket. */
  readonly applied = new Map<number, bigint>();
  /** Facts in the order of their application, by bucket. */
  readonly facts = new Map<number, factsV1.Fact[]>();
  /** What it does with the facts of a bucket; a throw means that it takes none of them. */
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
        this.#take(call.request).then(
          (answer) => callback(null, answer),
          (error: unknown) => callback({ code: status.INTERNAL, details: String(error) }),
        );
      },
    });
    // Its own for as long as the test runs: it is stopped and started again on it.
    if (this.#port === 0) this.#port = await freePort();
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(this.address, ServerCredentials.createInsecure(), (error) =>
        error ? reject(error) : resolve(),
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

  async #take(request: factsV1.DeliverRequest): Promise<factsV1.DeliverResponse> {
    this.calls += 1;
    const byBucket = [...Map.groupBy(request.facts, ({ bucket }) => bucket)];
    const deliveries = byBucket.map(([bucket, facts]) => ({ bucket, facts }));
    this.deliveries.push(...deliveries);
    const applied = await Promise.all(
      deliveries.map(async (delivery) => {
        const { bucket } = delivery;
        const answer = async (): Promise<bigint> => this.deliver(delivery);
        return { bucket, sequence: await answer().catch(() => this.applied.get(bucket) ?? 0n) };
      }),
    );
    return { appliedThrough: applied[0]?.sequence ?? 0n, applied };
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
