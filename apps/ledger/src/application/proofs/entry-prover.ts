import { isSameHash, leafHash, pathInList, toHex } from '@steelyard/domain/merkle';
import {
  entryLeafText,
  verifyEntryProof,
  type EntryProof,
  type ProvenEntry,
} from '@steelyard/domain/sealing';
import { BucketTree } from '../sealing/bucket-tree.js';
import type { LeafEntry, LeafFact, LeafReads } from '../sealing/leaf-reads.port.js';
import { visitLeaves } from '../sealing/leaf-stream.js';
import type { SealReads, StoredSeal, StoredSealBucket } from '../sealing/seal-reads.port.js';
import { isReadRefusal, refuseRead, type ReadRefusal } from '../read-refusal.js';
import { writtenCheckpointOf } from './checkpoint.js';
import { inclusionHashes } from './log-paths.js';

/** An entry to be proved, and where it is stored. */
export interface EntryToProve {
  readonly entry: ProvenEntry;
  readonly bucket: number;
  /** Its fact in that bucket. */
  readonly factSequence: bigint;
  readonly ordinal: number;
}

export interface ProvedEntry {
  readonly proof: EntryProof;
  /** The checkpoint that the proof leads to. */
  readonly seal: StoredSeal;
}

/** Proves that an entry lies under a checkpoint, from what is stored now: nothing is remembered of the seal. */
export class EntryProver {
  constructor(
    private readonly seals: SealReads,
    private readonly leaves: LeafReads,
  ) {}

  /**
   * The proof under the checkpoint of this size, 0: the latest. Refuses with ENTRY_NOT_SEALED,
   * CHECKPOINT_NOT_FOUND, or INTEGRITY_FAILURE when what is stored no longer gives what was sealed.
   */
  async prove(asked: EntryToProve, treeSize: bigint): Promise<ProvedEntry | ReadRefusal> {
    const { bucket, factSequence } = asked;
    const sealed = await this.seals.sealOfFact(bucket, factSequence);
    if (sealed === undefined) return notSealed('The entry is not sealed yet');
    const seal = treeSize === 0n ? await this.seals.latest() : await this.seals.find(treeSize);
    if (seal === undefined) return noCheckpoint(treeSize);
    if (seal.seal < sealed.seal) {
      return notSealed(`The entry is under checkpoints from size ${sealed.seal} on`);
    }
    const proof = await this.proofOf(asked, sealed, seal);
    if (isReadRefusal(proof)) return proof;
    // Whatever was changed behind our back: nothing leaves that does not verify.
    const fault = verifyEntryProof(asked.entry, proof);
    return fault === undefined ? { proof, seal } : damaged(sealed, fault);
  }

  private async proofOf(
    asked: EntryToProve,
    sealed: StoredSealBucket,
    seal: StoredSeal,
  ): Promise<EntryProof | ReadRefusal> {
    const { bucket, after, through } = sealed;
    const tree = new TreeAround(asked);
    await visitLeaves(this.leaves, { bucket, after, through }, tree);
    if (tree.obstacle !== undefined) return damaged(sealed, tree.obstacle);
    const { place } = tree;
    if (!isSameHash(tree.root(), sealed.rootHash) || place === undefined) {
      return damaged(sealed, 'its facts and entries give another root');
    }
    const [own, buckets] = [await this.seals.find(sealed.seal), await this.seals.bucketsOf(sealed.seal)];
    const bucketIndex = buckets.findIndex((one) => one.bucket === bucket);
    const inLog = { leafIndex: sealed.seal - 1n, treeSize: seal.seal };
    const logHashes = await inclusionHashes(this.seals, inLog);
    if (own === undefined || bucketIndex < 0 || logHashes === undefined) {
      return damaged(sealed, 'a row of the seal is missing');
    }
    const bucketLeaves = buckets.map(({ leaf }) => leafHash(leaf));
    return {
      entryLeaf: entryLeafText(place.entry),
      inBucket: pathOf(tree.leaves, place.index),
      bucketLeaf: sealed.leaf,
      inSeal: pathOf(bucketLeaves, bucketIndex),
      sealLeaf: own.leaf,
      inLog: { ...inLog, hashes: logHashes },
      checkpoint: writtenCheckpointOf(seal),
    };
  }
}

/** The bucket's tree, and where in it the asked entry is. */
class TreeAround extends BucketTree {
  place: { readonly index: number; readonly entry: LeafEntry } | undefined;

  constructor(private readonly asked: EntryToProve) {
    super();
  }

  override entry(hash: Uint8Array, fact: LeafFact, entry: LeafEntry): void {
    const { factSequence, ordinal } = this.asked;
    const isAsked = fact.fact.sequence === factSequence && entry.ordinal === ordinal;
    if (isAsked) this.place = { index: this.leaves.length, entry };
    super.entry(hash, fact, entry);
  }
}

function pathOf(leaves: readonly Uint8Array[], index: number) {
  return {
    leafIndex: BigInt(index),
    treeSize: BigInt(leaves.length),
    hashes: pathInList(leaves, index).map(toHex),
  };
}

function notSealed(message: string): ReadRefusal {
  return refuseRead('ENTRY_NOT_SEALED', message, 'entryId');
}

/** The refusal for a size that no checkpoint has. */
export function noCheckpoint(treeSize: bigint): ReadRefusal {
  const message =
    treeSize === 0n ? 'There is no checkpoint yet' : `There is no checkpoint of size ${treeSize}`;
  return refuseRead('CHECKPOINT_NOT_FOUND', message, 'treeSize');
}

function damaged({ bucket, seal }: StoredSealBucket, reason: string): ReadRefusal {
  return refuseRead('INTEGRITY_FAILURE', `Bucket ${bucket} does not agree with seal ${seal}: ${reason}`);
}
