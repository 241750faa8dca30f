import { checksumOf, type ChainedEntryFields } from '../ledger-chain/index.js';
import { fromHex, leafHash, rootFromPath, toHex, type InclusionPath } from '../merkle/index.js';
import { isInRange } from '../money/index.js';
import { divideNote, parseCheckpointText, type CheckpointBody } from './checkpoint.js';
import { isTime } from './forms.js';
import {
  parseBucketLeaf,
  parseEntryLeaf,
  parseSealLeaf,
  type BucketLeaf,
  type SealLeaf,
} from './leaf-texts.js';

/** An entry as the API returns it. Its metadata are canonical JSON. */
export interface ProvenEntry extends ChainedEntryFields {
  /** Lower-case hex. */
  readonly checksum: string;
}

/** An inclusion path as it is written down: hashes in lower-case hex, from the leaf upwards. */
export interface WrittenPath {
  readonly leafIndex: bigint;
  readonly treeSize: bigint;
  readonly hashes: readonly string[];
}

/** A checkpoint as it is written down. Everything but the note repeats what the note says. */
export interface WrittenCheckpoint {
  readonly treeSize: bigint;
  /** ISO 8601 UTC in milliseconds. */
  readonly sealedAt: string;
  /** Lower-case hex. */
  readonly rootHash: string;
  /** The signed note. */
  readonly note: string;
}

/** From an entry's checksum to the root under a checkpoint, through three trees. */
export interface EntryProof {
  readonly entryLeaf: string;
  readonly inBucket: WrittenPath;
  readonly bucketLeaf: string;
  readonly inSeal: WrittenPath;
  readonly sealLeaf: string;
  readonly inLog: WrittenPath;
  readonly checkpoint: WrittenCheckpoint;
}

/**
 * What does not agree in the proof of an entry; undefined when all does. Recomputes the entry's checksum and every
 * root up to the checkpoint's. The note's signatures are the caller's to verify: nothing is proved without.
 */
export function verifyEntryProof(entry: ProvenEntry, proof: EntryProof): string | undefined {
  return entryFault(entry) ?? proofFault(entry.checksum, proof);
}

/** What is wrong within one entry; undefined when it agrees with its own checksum. */
export function entryFault(entry: ProvenEntry): string | undefined {
  const { amount, balanceBefore, balanceAfter } = entry;
  if (amount === 0n || ![amount, balanceBefore, balanceAfter].every(isInRange)) {
    return 'an amount of the entry is not one that can be posted';
  }
  if (!hasPlainTexts(entry))
    return 'an id, a type or a checksum of the entry holds a character it may not hold';
  if (!isTime(entry.timestamp)) return 'the timestamp of the entry is not ISO 8601 in UTC with milliseconds';
  if (balanceBefore + amount !== balanceAfter) return 'balanceAfter is not balanceBefore plus amount';
  return checksumOf(entry) === entry.checksum ? undefined : 'the checksum does not match the entry';
}

// checksumText writes these as they are: a quote in one of them could make two entries share a text.
function hasPlainTexts({ entryId, transactionId, accountId, type, previousChecksum }: ProvenEntry): boolean {
  const texts = [entryId, transactionId, accountId, type, previousChecksum];
  return texts.every((text) => JSON.stringify(text) === `"${text}"`);
}

/** What does not agree between a checkpoint and its own note; undefined when all does. */
export function checkpointFault(checkpoint: WrittenCheckpoint): string | undefined {
  const body = checkpointInNote(checkpoint.note);
  if (body === undefined) return 'the note of the checkpoint has no text of the documented form';
  if (body.treeSize !== checkpoint.treeSize) return "the checkpoint's treeSize is not the one in its note";
  if (body.rootHash !== checkpoint.rootHash) return "the checkpoint's rootHash is not the one in its note";
  if (body.sealedAt !== checkpoint.sealedAt) return "the checkpoint's sealedAt is not the one in its note";
  return undefined;
}

/** What a signed note says of the log; undefined when its text is no checkpoint. Says nothing of its signatures. */
export function checkpointInNote(note: string): CheckpointBody | undefined {
  const divided = divideNote(note);
  return divided && parseCheckpointText(divided.text);
}

function proofFault(checksum: string, proof: EntryProof): string | undefined {
  const entryLeaf = parseEntryLeaf(proof.entryLeaf);
  if (entryLeaf === undefined) return 'the text of the entry leaf is not of the documented form';
  if (entryLeaf.checksum !== checksum) return 'the entry leaf is that of another entry';
  const bucketLeaf = parseBucketLeaf(proof.bucketLeaf);
  if (bucketLeaf === undefined) return 'the text of the bucket leaf is not of the documented form';
  const sealLeaf = parseSealLeaf(proof.sealLeaf);
  if (sealLeaf === undefined) return 'the text of the seal leaf is not of the documented form';
  return (
    pathFault(
      { text: proof.entryLeaf, path: proof.inBucket, root: bucketLeaf.root },
      "the path in the bucket's tree does not lead from the entry leaf to the root in the bucket leaf",
    ) ??
    pathFault(
      { text: proof.bucketLeaf, path: proof.inSeal, root: sealLeaf.root },
      "the path in the seal's tree does not lead from the bucket leaf to the root in the seal leaf",
    ) ??
    pathFault(
      { text: proof.sealLeaf, path: proof.inLog, root: proof.checkpoint.rootHash },
      "the path in the log does not lead from the seal leaf to the checkpoint's root",
    ) ??
    agreementFault(proof, bucketLeaf, sealLeaf) ??
    checkpointFault(proof.checkpoint)
  );
}

/** What the hashes do not force: that the texts, the indexes and the sizes say the same. */
function agreementFault(proof: EntryProof, bucketLeaf: BucketLeaf, sealLeaf: SealLeaf): string | undefined {
  const { inBucket, inSeal, inLog, checkpoint } = proof;
  if (inBucket.treeSize !== bucketLeaf.facts + bucketLeaf.entries) {
    return "the size of the bucket's tree is not the number of facts and entries in the bucket leaf";
  }
  if (inSeal.treeSize !== sealLeaf.buckets) {
    return "the size of the seal's tree is not the number of buckets in the seal leaf";
  }
  if (bucketLeaf.facts > sealLeaf.facts || bucketLeaf.entries > sealLeaf.entries) {
    return 'the bucket leaf counts more facts or entries than the seal leaf';
  }
  if (inLog.leafIndex !== sealLeaf.seal - 1n) return 'the index in the log is not the one of the seal';
  if (inLog.treeSize !== checkpoint.treeSize) return "the size of the log is not the checkpoint's treeSize";
  if (sealLeaf.sealedAt > checkpoint.sealedAt) return 'the seal is later than the checkpoint over it';
  return undefined;
}

function pathFault(
  step: { readonly text: string; readonly path: WrittenPath; readonly root: string },
  fault: string,
): string | undefined {
  const path = readPath(step.path);
  const root = path && rootFromPath(leafHash(step.text), path);
  return root !== undefined && toHex(root) === step.root ? undefined : fault;
}

function readPath({ leafIndex, treeSize, hashes }: WrittenPath): InclusionPath | undefined {
  const read = readHashes(hashes);
  return read && { leafIndex, treeSize, hashes: read };
}

/** Reads hashes in lower-case hex; undefined when one of them is none. */
export function readHashes(texts: readonly string[]): Uint8Array[] | undefined {
  const read: Uint8Array[] = [];
  for (const text of texts) {
    const hash = fromHex(text);
    if (hash === undefined) return undefined;
    read.push(hash);
  }
  return read;
}
