import { toHex } from '@steelyard/domain/merkle';
import type { WrittenCheckpoint } from '@steelyard/domain/sealing';
import type { StoredSeal } from '../sealing/seal-reads.port.js';

/** A checkpoint as every transport shows it. */
export interface Checkpoint {
  readonly treeSize: bigint;
  readonly sealedAtMs: bigint;
  readonly rootHash: string;
  readonly note: string;
  /** All entries and facts under it. */
  readonly entries: bigint;
  readonly facts: bigint;
}

export function checkpointOf(seal: StoredSeal): Checkpoint {
  return {
    treeSize: seal.seal,
    sealedAtMs: BigInt(seal.sealedAtMs),
    rootHash: toHex(seal.rootHash),
    note: seal.note,
    entries: seal.totalEntries,
    facts: seal.totalFacts,
  };
}

/** The same in the form that proofs are verified in. */
export function writtenCheckpointOf(seal: StoredSeal): WrittenCheckpoint {
  return {
    treeSize: seal.seal,
    sealedAt: new Date(seal.sealedAtMs).toISOString(),
    rootHash: toHex(seal.rootHash),
    note: seal.note,
  };
}
