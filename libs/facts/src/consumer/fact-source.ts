import type { factsV1 } from '@steelyard/contracts/grpc';
import type { RpcClient } from '@steelyard/platform/rpc';
import type { Fact } from '../inbox/index.js';

/** A page that fits well into one message, and into one transaction. */
const PAGE_SIZE = 500;

/** How far the balance app's facts go, and whose they are. */
export interface SourceHeads {
  /** Empty when the balance app's release does not know it. */
  readonly deploymentId: string;
  /** The last sequence of every bucket. */
  readonly heads: ReadonlyMap<number, bigint>;
}

/** Where missed facts are read: the balance app, which has them all. */
export class FactSource {
  constructor(private readonly client: RpcClient<typeof factsV1.FactServiceService>) {}

  /** The next facts after a sequence, at most a page; none when there are no more. @throws OutageError */
  async readAfter(bucket: number, sequence: bigint): Promise<readonly Fact[]> {
    const request = { bucket, afterSequence: sequence, limit: PAGE_SIZE };
    const { facts } = await this.client.call('readFacts', request);
    return facts;
  }

  /** @throws OutageError */
  async heads(): Promise<SourceHeads> {
    const { deploymentId, heads } = await this.client.call('getHeads', {});
    return { deploymentId, heads: new Map(heads.map(({ bucket, sequence }) => [bucket, sequence])) };
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}
