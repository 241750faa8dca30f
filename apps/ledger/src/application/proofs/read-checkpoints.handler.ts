import { SEQUENCE_MAX } from '../verification/entry-stream.js';
import { checkPageRequest, effectiveLimit } from '../paging/page-request.js';
import { isReadRefusal, type ReadRefusal } from '../read-refusal.js';
import type { SealReads, StoredSigningKey } from '../sealing/seal-reads.port.js';
import { decodeCheckpointCursor, encodeCheckpointCursor } from './checkpoint-cursor.js';
import { checkpointOf, type Checkpoint } from './checkpoint.js';
import { noCheckpoint } from './entry-prover.js';

export interface CheckpointPage {
  readonly checkpoints: Checkpoint[];
  /** Empty on the last page. */
  readonly nextCursor: string;
}

export interface ShownSigningKey extends StoredSigningKey {
  /** It signed the latest checkpoint. */
  readonly active: boolean;
}

/** Shows checkpoints and the keys that they were signed with. */
export class ReadCheckpointsHandler {
  constructor(private readonly seals: SealReads) {}

  /** Newest first. Refuses with INVALID_REQUEST or INVALID_CURSOR. */
  async list(request: {
    readonly limit: number;
    readonly cursor: string;
  }): Promise<CheckpointPage | ReadRefusal> {
    const malformed = checkPageRequest(request);
    if (malformed !== undefined) return malformed;
    const before = decodeCheckpointCursor(request.cursor);
    if (isReadRefusal(before)) return before;
    const limit = effectiveLimit(request.limit);
    // One more than asked tells whether a page follows.
    const found = await this.seals.listBefore(before ?? SEQUENCE_MAX, limit + 1);
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return {
      checkpoints: page.map(checkpointOf),
      nextCursor: last === undefined ? '' : encodeCheckpointCursor(last.seal),
    };
  }

  /** Of this size, 0: the latest. Refuses with CHECKPOINT_NOT_FOUND. */
  async get(treeSize: bigint): Promise<{ checkpoint: Checkpoint } | ReadRefusal> {
    const seal = treeSize === 0n ? await this.seals.latest() : await this.seals.find(treeSize);
    return seal === undefined ? noCheckpoint(treeSize) : { checkpoint: checkpointOf(seal) };
  }

  /** In the order in which they were first used. */
  async keys(): Promise<{ keys: ShownSigningKey[] }> {
    const [keys, latest] = [await this.seals.signingKeys(), await this.seals.latest()];
    return { keys: keys.map((key) => ({ ...key, active: key.lastTreeSize === latest?.seal })) };
  }
}
