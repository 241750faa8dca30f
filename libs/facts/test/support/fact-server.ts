import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import { factsV1 } from '@steelyard/contracts/grpc';
import type { Fact } from '../../src/inbox/index.js';

/** The balance app's FactService over facts that the test commits, on a port of its own. */
export class FactServer {
  readonly committed: Fact[] = [];
  /** How often facts were read, and how often it was asked for anything. */
  reads = 0;
  calls = 0;
  isAway = false;
  /** Empty: as a release that has no ids answers. */
  deploymentId = '';
  readonly #server = new Server();
  #port = 0;

  get port(): number {
    return this.#port;
  }

  async start(): Promise<void> {
    const unavailable = { code: status.UNAVAILABLE, details: 'away' };
    const implementation: factsV1.FactServiceServer = {
      readFacts: ({ request }, answer) => {
        this.reads += 1;
        this.calls += 1;
        if (this.isAway) return answer(unavailable);
        const facts = this.committed
          .filter(({ bucket, sequence }) => bucket === request.bucket && sequence > request.afterSequence)
          .slice(0, request.limit);
        answer(null, { facts, headSequence: this.#head(request.bucket) });
      },
      getHeads: (_call, answer) => {
        this.calls += 1;
        if (this.isAway) return answer(unavailable);
        const buckets = [...new Set(this.committed.map(({ bucket }) => bucket))];
        const heads = buckets.map((bucket) => ({ bucket, sequence: this.#head(bucket) }));
        answer(null, { heads, deploymentId: this.deploymentId });
      },
    };
    this.#server.addService(factsV1.FactServiceService, implementation);
    this.#port = await new Promise<number>((resolve, reject) =>
      this.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      ),
    );
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  #head(bucket: number): bigint {
    return BigInt(this.committed.filter((fact) => fact.bucket === bucket).length);
  }
}
