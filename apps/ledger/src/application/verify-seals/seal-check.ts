import { GENESIS } from '@steelyard/domain/ledger-chain';
import {
  appendLeaf,
  isSameHash,
  leafHash,
  peakPlaces,
  rootFromPeaks,
  rootOf,
  toHex,
} from '@steelyard/domain/merkle';
import { parseBucketLeaf, parseSealLeaf, type BucketLeaf } from '@steelyard/domain/sealing';
import { readCheckpoint } from '../sealing/checkpoint-note.js';
import type { CheckpointSigner } from '../sealing/checkpoint-signer.port.js';
import type { LeafReads } from '../sealing/leaf-reads.port.js';
import { visitLeaves } from '../sealing/leaf-stream.js';
import type { SealReads, StoredSeal, StoredSealBucket } from '../sealing/seal-reads.port.js';
import { SealedLeaves } from './sealed-leaves.js';
import { bucketFault, sealFault, type SealFault } from './seal-fault.js';

/** Names the log, and the keys that may have signed for it. */
export interface LogIdentity {
  readonly origin: string;
  readonly verifierKeys: readonly string[];
}

/** Checks single seals against what the ledger holds. Each check names the first fault it meets. */
export class SealCheck {
  constructor(
    private readonly seals: SealReads,
    private readonly leaves: LeafReads,
    private readonly signer: CheckpointSigner,
  ) {}

  /** Recomputes the tree of one bucket in one seal from the facts and entries that are stored now. */
  async bucket(sealed: StoredSealBucket): Promise<SealFault | undefined> {
    const { bucket, seal, after } = sealed;
    const fault = (reason: string): SealFault => bucketFault({ seal, bucket }, reason);
    const leaf = parseBucketLeaf(sealed.leaf);
    if (leaf === undefined || !isSame(leaf, sealed))
      return fault('the row of the seal is not as its leaf says');
    const before = await this.seals.throughBefore(bucket, seal);
    if (before !== after) return fault(`it begins after fact ${after}, the seal before it ends at ${before}`);
    return (await this.leavesOf(sealed)) ?? this.auditFault(sealed, leaf);
  }

  /** Checks the leaf, the log and the note of a seal whose buckets were checked. */
  async seal(
    stored: StoredSeal,
    buckets: readonly StoredSealBucket[],
    log: LogIdentity,
  ): Promise<SealFault | undefined> {
    const previous = await this.seals.find(stored.seal - 1n);
    if (previous === undefined && stored.seal > 1n) {
      return sealFault(stored.seal, 'the seal before it is missing');
    }
    const reason =
      leafReason(stored, buckets, previous) ??
      (await this.logReason(stored, previous)) ??
      this.noteReason(stored, log);
    return reason === undefined ? undefined : sealFault(stored.seal, reason);
  }

  private async leavesOf(sealed: StoredSealBucket): Promise<SealFault | undefined> {
    const { bucket, seal, after, through } = sealed;
    const tree = new SealedLeaves(await this.seals.leafMarks(bucket, seal));
    await visitLeaves(this.leaves, { bucket, after, through }, tree);
    tree.finish();
    if (isSameHash(tree.root(), sealed.rootHash) && tree.leaves.length > 0) return undefined;
    const difference = tree.difference ?? {
      accountId: '',
      sequence: 0n,
      entryId: '',
      reason: 'the facts and entries give another root than was sealed',
    };
    return { seal, bucket, ...difference };
  }

  /** Whether the audit trail still has the record that it ended with. */
  private async auditFault(sealed: StoredSealBucket, leaf: BucketLeaf): Promise<SealFault | undefined> {
    const { auditSequence, auditChecksum } = leaf;
    if (auditSequence === 0n) return undefined;
    const { bucket, seal } = sealed;
    if ((await this.seals.auditChecksum(bucket, auditSequence)) === auditChecksum) return undefined;
    return bucketFault(
      { seal, bucket },
      `record ${auditSequence} of the audit trail is not as it was sealed`,
    );
  }

  /** The log with this seal, from the nodes of the log before it. */
  private async logReason(stored: StoredSeal, previous: StoredSeal | undefined): Promise<string | undefined> {
    const size = stored.seal - 1n;
    const peaks: Uint8Array[] = [];
    for (const hash of await this.seals.nodes(peakPlaces(size))) {
      if (hash === undefined) return 'nodes of the log are missing';
      peaks.push(hash);
    }
    if (previous !== undefined && !isSameHash(rootFromPeaks(peaks), previous.rootHash)) {
      return 'the nodes of the log do not give the root of the seal before it';
    }
    const { nodes, log } = appendLeaf({ size, peaks }, stored.leafHash);
    if (!isSameHash(rootFromPeaks(log.peaks), stored.rootHash)) return 'the root of the log is another';
    const found = await this.seals.nodes(nodes);
    const isStored = nodes.every(({ hash }, index) => isSameHash(found[index] ?? new Uint8Array(), hash));
    return isStored ? undefined : 'the nodes of the log are not those of its leaves';
  }

  private noteReason(stored: StoredSeal, log: LogIdentity): string | undefined {
    const body = readCheckpoint(stored.note);
    if (body === undefined) return 'the note is no checkpoint';
    if (body.origin !== log.origin || body.treeSize !== stored.seal)
      return 'the note is of another log or seal';
    if (body.rootHash !== toHex(stored.rootHash)) return 'the note was signed for another root';
    if (body.sealedAt !== isoOf(stored.sealedAtMs)) return 'the note was signed for another time';
    return this.signer.noteFault(stored.note, log.verifierKeys);
  }
}

function leafReason(
  stored: StoredSeal,
  buckets: readonly StoredSealBucket[],
  previous: StoredSeal | undefined,
): string | undefined {
  const leaf = parseSealLeaf(stored.leaf);
  if (leaf === undefined || !isSameHash(leafHash(stored.leaf), stored.leafHash)) return 'its leaf is damaged';
  const { facts, entries } = sums(buckets);
  if (leaf.seal !== stored.seal || leaf.sealedAt !== isoOf(stored.sealedAtMs)) {
    return 'its leaf is that of another seal';
  }
  if (
    leaf.facts !== facts ||
    leaf.entries !== entries ||
    facts !== stored.facts ||
    entries !== stored.entries
  ) {
    return 'its buckets have another number of facts or entries than its leaf says';
  }
  if (stored.totalFacts !== (previous?.totalFacts ?? 0n) + facts) return 'its total of facts is another';
  if (stored.totalEntries !== (previous?.totalEntries ?? 0n) + entries)
    return 'its total of entries is another';
  if (leaf.previous !== (previous === undefined ? GENESIS : toHex(previous.leafHash))) {
    return 'its leaf does not continue the seal before it';
  }
  const root = toHex(rootOf(buckets.map((bucket) => leafHash(bucket.leaf))));
  return leaf.root === root ? undefined : 'its buckets are not those of its leaf';
}

function sums(buckets: readonly StoredSealBucket[]): { facts: bigint; entries: bigint } {
  return {
    facts: buckets.reduce((sum, bucket) => sum + bucket.facts, 0n),
    entries: buckets.reduce((sum, bucket) => sum + bucket.entries, 0n),
  };
}

function isSame(leaf: BucketLeaf, row: StoredSealBucket): boolean {
  return (
    leaf.bucket === row.bucket &&
    leaf.after === row.after &&
    leaf.through === row.through &&
    leaf.facts === row.facts &&
    leaf.entries === row.entries &&
    leaf.root === toHex(row.rootHash)
  );
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
