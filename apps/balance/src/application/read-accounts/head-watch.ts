import type { HeadMove } from '@steelyard/domain/posting';
import type { LoadedHead } from '../posting-engine/posting-storage.port.js';

interface WatchedBucket {
  /** The last head of which every write is accounted for: it was this process's own, or what was known is distrusted. */
  trusted: { readonly sequence: bigint; readonly writeId: bigint | null };
  /** What was read or committed up to this time may have been changed by somebody else since. */
  distrustedThroughMs: number;
}

export interface HeadWatchOptions {
  /** Nothing is current any more when nobody has looked at the heads for so long. */
  readonly silenceMaxMs: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
}

/**
 * Finds out that other processes have written, from the heads alone: each is moved by every write of its bucket, and
 * names the write. A write of this process says which one it followed; a head that cannot be followed back to the
 * last one that is accounted for was moved by somebody else. In doubt it was.
 */
export class HeadWatch {
  readonly #buckets = new Map<number, WatchedBucket>();
  /** Writes of this process that are under way: by bucket and id, the write that each of them follows. */
  readonly #underWay = new Map<string, bigint | null>();
  readonly #options: HeadWatchOptions;
  #lookedAtMs = -Infinity;

  constructor(options: HeadWatchOptions) {
    this.#options = options;
  }

  /** True when nobody else is known to have written to the bucket since `asOfMs`. */
  isCurrent(bucket: number, asOfMs: number): boolean {
    const { now, silenceMaxMs } = this.#options;
    const watched = this.#buckets.get(bucket);
    if (!watched || now() - this.#lookedAtMs > silenceMaxMs) return false;
    return asOfMs > watched.distrustedThroughMs;
  }

  /** A write of this process begins. */
  began(heads: readonly HeadMove[]): void {
    for (const { bucket, expectedWriteId, next } of heads.filter(moves)) {
      this.#underWay.set(nameOf(bucket, next.writeId), expectedWriteId);
    }
  }

  /** It is stored, and what it changed is remembered. */
  committed(heads: readonly HeadMove[]): void {
    for (const { bucket, expectedWriteId, next } of heads.filter(moves)) {
      this.#underWay.delete(nameOf(bucket, next.writeId));
      const trusted = this.#buckets.get(bucket)?.trusted;
      if (trusted?.writeId === next.writeId) continue;
      if (trusted && trusted.writeId === expectedWriteId) this.#trust(bucket, next);
      // Somebody wrote before it, or has already written after it.
      else this.#distrust(bucket, trusted && trusted.sequence > next.sequence ? trusted : next);
    }
  }

  /** Nobody knows whether it is stored, or will be. */
  failed(heads: readonly HeadMove[]): void {
    for (const { bucket, next } of heads.filter(moves)) {
      this.#underWay.delete(nameOf(bucket, next.writeId));
      const watched = this.#buckets.get(bucket);
      if (watched) this.#distrust(bucket, watched.trusted);
    }
  }

  /** Some heads, as they were found. */
  observed(heads: readonly LoadedHead[]): void {
    for (const { bucket, ...head } of heads) {
      const trusted = this.#buckets.get(bucket)?.trusted;
      if (trusted && (isSame(trusted, head) || trusted.sequence > head.sequence)) continue;
      if (!trusted || !this.#isOwn(bucket, head.writeId, trusted.writeId)) this.#distrust(bucket, head);
    }
  }

  /** All heads, looked at from `beganAtMs` on. */
  lookedAtAll(heads: readonly LoadedHead[], beganAtMs: number): void {
    this.observed(heads);
    this.#lookedAtMs = beganAtMs;
  }

  /** True when only writes of this process that are under way lie between; their end decides. */
  #isOwn(bucket: number, writeId: bigint | null, trustedWriteId: bigint | null): boolean {
    let current = writeId;
    while (current !== trustedWriteId) {
      const followed = this.#underWay.get(nameOf(bucket, current));
      if (followed === undefined) return false;
      current = followed;
    }
    return true;
  }

  #trust(bucket: number, head: WatchedBucket['trusted']): void {
    const distrustedThroughMs = this.#buckets.get(bucket)?.distrustedThroughMs ?? this.#options.now();
    this.#buckets.set(bucket, { trusted: head, distrustedThroughMs });
  }

  #distrust(bucket: number, head: WatchedBucket['trusted']): void {
    this.#buckets.set(bucket, { trusted: head, distrustedThroughMs: this.#options.now() });
  }
}

/** A write that only records refusals leaves the head as it was. */
function moves({ expected, next }: HeadMove): boolean {
  return next.sequence > expected;
}

function nameOf(bucket: number, writeId: bigint | null): string {
  return `${bucket}/${writeId}`;
}

function isSame(one: WatchedBucket['trusted'], other: WatchedBucket['trusted']): boolean {
  return one.sequence === other.sequence && one.writeId === other.writeId;
}
