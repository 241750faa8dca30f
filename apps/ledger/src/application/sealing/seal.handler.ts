import { GENESIS } from '@steelyard/domain/ledger-chain';
import { appendLeaf, leafHash, peakPlaces, rootFromPeaks, rootOf, toHex } from '@steelyard/domain/merkle';
import { bucketLeafText, sealLeafText } from '@steelyard/domain/sealing';
import { invariant } from '@steelyard/domain/result';
import type { Clock } from '../clock.port.js';
import { BucketTree } from './bucket-tree.js';
import type { CheckpointSigner } from './checkpoint-signer.port.js';
import type { LeafReads } from './leaf-reads.port.js';
import type { SealPosition, StoredSeal } from './seal-reads.port.js';
import type { AuditHead, LogState, NewSealBucket, SealSession, SealStore } from './seal-store.port.js';

/** Of one bucket in one seal: its tree's leaves are in memory together. What is more comes with the next seal. */
const FACTS_PER_BUCKET_MAX = 8_000n;
const NO_AUDIT: AuditHead = { sequence: 0n, checksum: GENESIS };

/** A bucket that cannot be sealed as it stands: its rows are gone or have been set back. */
export interface SealObstacle {
  readonly bucket: number;
  readonly reason: string;
}

export interface Sealed {
  /** False: another process is at it. */
  readonly isMine: boolean;
  /** Undefined: nothing was new. */
  readonly seal: StoredSeal | undefined;
  /** There is more than one seal holds: the next one may follow at once. */
  readonly hasMore: boolean;
  /** Committed facts that no seal holds. */
  readonly factsUnsealed: bigint;
  readonly obstacles: readonly SealObstacle[];
}

const NOT_MINE: Sealed = {
  isMine: false,
  seal: undefined,
  hasMore: false,
  factsUnsealed: 0n,
  obstacles: [],
};

export interface LogName {
  /** What the configuration says; undefined: whatever the log was called at its first seal. */
  readonly configured: string | undefined;
  /** Used when the log has none yet and none is configured. */
  readonly proposed: string;
}

/** Seals what was committed since the last seal: one more leaf of the log, and a signed checkpoint. */
export class SealHandler {
  constructor(
    private readonly store: SealStore,
    private readonly leaves: LeafReads,
    private readonly signer: CheckpointSigner,
    private readonly clock: Clock,
    private readonly name: LogName,
  ) {}

  /** Throws when the log has another name than the configuration says: two logs must not share one database. */
  async execute(): Promise<Sealed> {
    const { configured, proposed } = this.name;
    const sealed = await this.store.seal(configured ?? proposed, (session) => this.work(session));
    return sealed ?? NOT_MINE;
  }

  private async work(session: SealSession): Promise<Sealed> {
    this.checkName(session.log);
    const seal = session.log.seals + 1n;
    const [positions, auditHeads] = [await session.positions(), await session.auditHeads()];
    const obstacles: SealObstacle[] = [];
    const buckets: NewSealBucket[] = [];
    let hasMore = false;
    for (const position of positions) {
      const audit = auditHeads.get(position.bucket) ?? NO_AUDIT;
      const bucket = await this.sealBucket({ position, seal, audit });
      if (bucket === undefined) continue;
      if ('reason' in bucket) {
        obstacles.push(bucket);
        continue;
      }
      await session.saveBucket(bucket);
      hasMore ||= bucket.through < position.head;
      // The marks are stored and large.
      buckets.push({ ...bucket, leafMarks: new Uint8Array() });
    }
    const saved = buckets.length === 0 ? undefined : await this.append(session, { seal, buckets });
    const unsealed = positions.reduce((sum, { head, sealed }) => sum + positive(head - sealed), 0n);
    const factsUnsealed = unsealed - (saved?.facts ?? 0n);
    return { isMine: true, seal: saved, hasMore, factsUnsealed, obstacles };
  }

  private checkName({ origin }: LogState): void {
    const { configured } = this.name;
    if (configured === undefined || configured === origin) return;
    throw new Error(`LEDGER_ORIGIN is ${configured}, but this ledger's log is called ${origin}: set it back`);
  }

  private async sealBucket(part: {
    readonly position: SealPosition;
    readonly seal: bigint;
    readonly audit: AuditHead;
  }): Promise<NewSealBucket | SealObstacle | undefined> {
    const { bucket, head, sealed: after } = part.position;
    if (head === after) return undefined;
    if (head < after) {
      return { bucket, reason: `facts are sealed through ${after}, but the bucket ends at ${head}` };
    }
    const through = head - after > FACTS_PER_BUCKET_MAX ? after + FACTS_PER_BUCKET_MAX : head;
    const tree = await BucketTree.read(this.leaves, { bucket, after, through });
    if (tree.obstacle !== undefined) return { bucket, reason: tree.obstacle };
    const rootHash = tree.root();
    const { facts, entries } = tree;
    const { audit, seal } = part;
    const leaf = bucketLeafText({
      bucket,
      after,
      through,
      facts,
      entries,
      root: toHex(rootHash),
      auditSequence: audit.sequence,
      auditChecksum: audit.checksum,
    });
    const leafMarks = tree.marks();
    return { bucket, seal, after, through, facts, entries, rootHash, leaf, audit, leafMarks };
  }

  private async append(
    session: SealSession,
    { seal, buckets }: { readonly seal: bigint; readonly buckets: readonly NewSealBucket[] },
  ): Promise<StoredSeal> {
    const { log } = session;
    // Texts of times compare as the times do, and a checkpoint is never older than a seal under it.
    const sealedAtMs = Math.max(this.clock.nowMs(), await session.lastSealedAtMs());
    const sealedAt = new Date(sealedAtMs).toISOString();
    const facts = buckets.reduce((sum, bucket) => sum + bucket.facts, 0n);
    const entries = buckets.reduce((sum, bucket) => sum + bucket.entries, 0n);
    const previous = log.previousLeafHash === undefined ? GENESIS : toHex(log.previousLeafHash);
    const root = toHex(rootOf(buckets.map(({ leaf }) => leafHash(leaf))));
    const count = BigInt(buckets.length);
    const leaf = sealLeafText({ seal, sealedAt, buckets: count, facts, entries, previous, root });
    const hash = leafHash(leaf);
    const peaks = await session.nodes(peakPlaces(log.seals));
    const appended = appendLeaf({ size: log.seals, peaks: peaks.map(presentPeak) }, hash);
    const rootHash = rootFromPeaks(appended.log.peaks);
    const { origin } = log;
    const signer = await this.signer.signerOf(origin);
    const note = signer.sign({ origin, treeSize: seal, rootHash: toHex(rootHash), sealedAt });
    const stored: StoredSeal = {
      seal,
      sealedAtMs,
      facts,
      entries,
      totalFacts: log.facts + facts,
      totalEntries: log.entries + entries,
      leaf,
      leafHash: hash,
      rootHash,
      note,
    };
    await session.saveSeal({ ...stored, nodes: appended.nodes, signedWith: signer.keys });
    return stored;
  }
}

function presentPeak(hash: Uint8Array | undefined): Uint8Array {
  invariant(hash !== undefined, 'the log has all of its nodes: restore ledger.seal_nodes from a backup');
  return hash;
}

function positive(value: bigint): bigint {
  return value > 0n ? value : 0n;
}
