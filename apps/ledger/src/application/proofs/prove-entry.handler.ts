import { entryIdOf, parseId } from '@steelyard/domain/posting';
import type { EntryProof } from '@steelyard/domain/sealing';
import type { Deployment } from '../deployment.port.js';
import type { EntryReads, LedgerEntry } from '../list-entries/entry-reads.port.js';
import { isReadRefusal, refuseRead, type ReadRefusal } from '../read-refusal.js';
import type { SealReads } from '../sealing/seal-reads.port.js';
import { checkpointOf, type Checkpoint } from './checkpoint.js';
import type { EntryProver } from './entry-prover.js';

export interface ProveEntry {
  readonly entryId: string;
  /** Of the checkpoint that the proof leads to; 0: the latest. */
  readonly treeSize: bigint;
}

export interface EntryProved {
  readonly entry: LedgerEntry;
  readonly proof: Omit<EntryProof, 'checkpoint'> & { readonly checkpoint: Checkpoint };
}

/** Proves that an entry lies under a checkpoint. Its id says where it is. */
export class ProveEntryHandler {
  constructor(
    private readonly deployment: Deployment,
    private readonly seals: SealReads,
    private readonly entryReads: EntryReads,
    private readonly prover: EntryProver,
  ) {}

  /** Refuses with ENTRY_NOT_FOUND, ENTRY_NOT_SEALED, CHECKPOINT_NOT_FOUND or INTEGRITY_FAILURE. */
  async execute(request: ProveEntry): Promise<EntryProved | ReadRefusal> {
    const home = parseId(request.entryId);
    if (home === undefined || home.ordinal === 0 || home.bucket >= this.deployment.buckets())
      return unknownEntry();
    const { ordinal } = home;
    const place = await this.seals.findEntry(home, ordinal);
    // The time in the id must agree too: a made-up id must not find whatever is at its place.
    if (
      place === undefined ||
      entryIdOf(home, place.committedAtMs, ordinal) !== request.entryId.toLowerCase()
    ) {
      return unknownEntry();
    }
    const { bucket, factSequence, accountId, sequence } = place;
    const window = { bucket, low: sequence, high: sequence };
    const [found] = await this.entryReads.newestEntries(accountId, { windows: [window], limit: 1 });
    if (found === undefined) return unknownEntry();
    const { entry } = found;
    const proved = await this.prover.prove({ entry, bucket, factSequence, ordinal }, request.treeSize);
    if (isReadRefusal(proved)) return proved;
    return { entry, proof: { ...proved.proof, checkpoint: checkpointOf(proved.seal) } };
  }
}

function unknownEntry(): ReadRefusal {
  return refuseRead('ENTRY_NOT_FOUND', 'There is no entry with this id', 'entryId');
}
