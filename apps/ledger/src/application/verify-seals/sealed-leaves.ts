import { entryIdOf } from '@steelyard/domain/posting';
import { BucketTree, MARK_BYTES } from '../sealing/bucket-tree.js';
import type { LeafEntry, LeafFact } from '../sealing/leaf-reads.port.js';

/** The first leaf that is not what was sealed. */
export interface LeafDifference {
  readonly factSequence?: bigint;
  readonly accountId: string;
  readonly sequence: bigint;
  readonly entryId: string;
  readonly reason: string;
}

/** More entries than this cannot be missing between two leaves: a transaction has no more. */
const ENTRIES_AHEAD_MAX = 255;

/** A bucket's tree as it is now, compared leaf by leaf with the marks of what was sealed. */
export class SealedLeaves extends BucketTree {
  difference: LeafDifference | undefined;
  private lastFact: LeafFact | undefined;

  constructor(private readonly sealedMarks: Uint8Array) {
    super();
  }

  override fact(hash: Uint8Array, fact: LeafFact): void {
    if (!this.agrees(hash)) this.differs(this.factDifference(hash, fact));
    super.fact(hash, fact);
    this.lastFact = fact;
  }

  override entry(hash: Uint8Array, fact: LeafFact, entry: LeafEntry): void {
    if (!this.agrees(hash)) this.differs(this.entryDifference(fact, entry));
    super.entry(hash, fact, entry);
  }

  override missing(sequence: bigint): void {
    super.missing(sequence);
    this.differs(ofFact(sequence, `fact ${sequence} is missing`));
  }

  /** After the last leaf: what was sealed may have had more. */
  finish(): void {
    const missing = this.sealedMarks.length / MARK_BYTES - this.leaves.length;
    if (missing > 0) this.differs(this.entriesMissing(missing));
  }

  private differs(difference: LeafDifference): void {
    this.difference ??= difference;
  }

  private agrees(hash: Uint8Array): boolean {
    return this.difference !== undefined || this.isMarked(hash, this.leaves.length);
  }

  private isMarked(hash: Uint8Array, index: number): boolean {
    const at = index * MARK_BYTES;
    if (at + MARK_BYTES > this.sealedMarks.length) return false;
    for (let byte = 0; byte < MARK_BYTES; byte += 1) {
      if (this.sealedMarks[at + byte] !== hash[byte]) return false;
    }
    return true;
  }

  /** How many leaves lie between this place and the one where the leaf was sealed; 0: it is none of the next. */
  private leavesAhead(hash: Uint8Array): number {
    for (let ahead = 1; ahead <= ENTRIES_AHEAD_MAX; ahead += 1) {
      if (this.isMarked(hash, this.leaves.length + ahead)) return ahead;
    }
    return 0;
  }

  private factDifference(hash: Uint8Array, fact: LeafFact): LeafDifference {
    const missing = this.leavesAhead(hash);
    if (missing > 0) return this.entriesMissing(missing);
    const { sequence } = fact.fact;
    return ofFact(sequence, `fact ${sequence} is not as it was sealed`);
  }

  private entryDifference(fact: LeafFact, entry: LeafEntry): LeafDifference {
    const { accountId, sequence, ordinal } = entry;
    return {
      factSequence: fact.fact.sequence,
      accountId,
      sequence,
      entryId: entryIdOf(fact.home, fact.committedAtMs, ordinal),
      reason: 'the entry is not the one that was sealed here',
    };
  }

  private entriesMissing(missing: number): LeafDifference {
    const factSequence = this.lastFact?.fact.sequence;
    if (factSequence === undefined) return noEntry(`${missing} leaves are missing`);
    const what = missing === 1 ? 'an entry' : `${missing} entries`;
    return ofFact(factSequence, `${what} of fact ${factSequence} ${missing === 1 ? 'is' : 'are'} missing`);
  }
}

function ofFact(factSequence: bigint, reason: string): LeafDifference {
  return { factSequence, ...noEntry(reason) };
}

function noEntry(reason: string): LeafDifference {
  return { accountId: '', sequence: 0n, entryId: '', reason };
}
