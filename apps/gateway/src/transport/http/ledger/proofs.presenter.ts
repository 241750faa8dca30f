import type { proofsV1 } from '@steelyard/contracts/grpc';
import { invariant } from '@steelyard/domain/result';
import { CONSISTENCY_FORMAT, ENTRY_PROOF_FORMAT } from '@steelyard/domain/sealing';
import { presentEntry } from '@steelyard/rest/history';
import { isoInstant, type Reply } from '@steelyard/rest/replies';

/** A checkpoint with the size of the ledger under it. */
export function presentCheckpoint(checkpoint: proofsV1.Checkpoint) {
  const { entries, facts } = checkpoint;
  return { ...presentSigned(checkpoint), entries, facts };
}

/** A page of checkpoints. */
export function presentCheckpoints(page: proofsV1.ListCheckpointsResponse): Reply {
  return {
    checkpoints: page.checkpoints.map(presentCheckpoint),
    nextCursor: page.nextCursor === '' ? null : page.nextCursor,
  };
}

/** An entry with its proof, in the form that `verify-offline` and others read. */
export function presentEntryProof({ entry, proof }: proofsV1.ProveEntryResponse): Reply {
  invariant(entry && proof, 'the ledger answers with the entry and its proof');
  return { format: ENTRY_PROOF_FORMAT, entry: presentEntry(entry), proof: presentProof(proof) };
}

/** The proof of an entry alone. */
export function presentProof(proof: proofsV1.EntryProof): Reply {
  const { inBucket, inSeal, inLog, checkpoint } = proof;
  invariant(inBucket && inSeal && inLog && checkpoint, 'a proof leads through three trees to a checkpoint');
  return {
    entryLeaf: proof.entryLeaf,
    inBucket: presentPath(inBucket),
    bucketLeaf: proof.bucketLeaf,
    inSeal: presentPath(inSeal),
    sealLeaf: proof.sealLeaf,
    inLog: presentPath(inLog),
    checkpoint: presentSigned(checkpoint),
  };
}

/** That one checkpoint continues another, in the form that `verify-offline` and others read. */
export function presentConsistency({ from, to, hashes }: proofsV1.ProveConsistencyResponse): Reply {
  invariant(from && to, 'the ledger answers with both checkpoints');
  return { format: CONSISTENCY_FORMAT, from: presentSigned(from), to: presentSigned(to), hashes };
}

/** Public keys, oldest first. */
export function presentKeys(keys: readonly proofsV1.SigningKey[]): Reply {
  return {
    keys: keys.map(({ name, verifierKey, publicKeyPem, firstTreeSize, lastTreeSize, active }) => ({
      name,
      verifierKey,
      publicKeyPem,
      firstTreeSize,
      lastTreeSize,
      active,
    })),
  };
}

/** One step of a walk over all seals. */
export function presentSealsVerification(step: proofsV1.VerifySealsResponse): Reply {
  return {
    valid: step.faults.length === 0,
    sealsChecked: step.sealsChecked,
    entriesChecked: step.entriesChecked,
    faults: step.faults.map(presentFault),
    nextCursor: step.nextCursor === '' ? null : step.nextCursor,
  };
}

function presentFault(fault: proofsV1.SealFault): Reply {
  const { seal, bucket, factSequence, accountId, sequence, entryId, reason } = fault;
  const isEntryNamed = accountId !== '';
  return {
    seal,
    bucket,
    factSequence,
    accountId: isEntryNamed ? accountId : undefined,
    sequence: isEntryNamed ? sequence : undefined,
    entryId: entryId === '' ? undefined : entryId,
    reason,
  };
}

function presentSigned({ treeSize, sealedAtMs, rootHash, note }: proofsV1.Checkpoint) {
  return { treeSize, sealedAt: isoInstant(sealedAtMs), rootHash, note };
}

function presentPath({ leafIndex, treeSize, hashes }: proofsV1.InclusionPath) {
  return { leafIndex, treeSize, hashes };
}
