import { verifyCheckpoints } from '@steelyard/domain/sealing';
import { refuseRead, type ReadRefusal } from '../read-refusal.js';
import type { SealReads } from '../sealing/seal-reads.port.js';
import { checkpointOf, writtenCheckpointOf, type Checkpoint } from './checkpoint.js';
import { noCheckpoint } from './entry-prover.js';
import { consistencyHashes } from './log-paths.js';

export interface ProveConsistency {
  readonly fromSize: bigint;
  /** 0: the latest. */
  readonly toSize: bigint;
}

export interface ConsistencyProved {
  readonly from: Checkpoint;
  readonly to: Checkpoint;
  /** Lower-case hex. */
  readonly hashes: string[];
}

/** Proves that the later of two checkpoints continues the earlier one. */
export class ProveConsistencyHandler {
  constructor(private readonly seals: SealReads) {}

  /** Refuses with INVALID_REQUEST, CHECKPOINT_NOT_FOUND, or INTEGRITY_FAILURE when it does not. */
  async execute({ fromSize, toSize }: ProveConsistency): Promise<ConsistencyProved | ReadRefusal> {
    if (fromSize < 1n) return refuseRead('INVALID_REQUEST', 'from must be the size of a checkpoint', 'from');
    const to = toSize === 0n ? await this.seals.latest() : await this.seals.find(toSize);
    if (to === undefined) return noCheckpoint(toSize);
    if (fromSize > to.seal) return refuseRead('INVALID_REQUEST', 'from must not be larger than to', 'from');
    const from = await this.seals.find(fromSize);
    if (from === undefined) return noCheckpoint(fromSize);
    const hashes = await consistencyHashes(this.seals, { fromSize, toSize: to.seal });
    if (hashes === undefined) return damaged('nodes of the log are missing');
    const fault = verifyCheckpoints({ from: writtenCheckpointOf(from), to: writtenCheckpointOf(to), hashes });
    if (fault !== undefined) return damaged(fault);
    return { from: checkpointOf(from), to: checkpointOf(to), hashes };
  }
}

function damaged(reason: string): ReadRefusal {
  return refuseRead('INTEGRITY_FAILURE', `The log does not agree with its checkpoints: ${reason}`);
}
