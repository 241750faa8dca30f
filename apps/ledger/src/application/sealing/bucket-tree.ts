import { rootOf } from '@steelyard/domain/merkle';
import type { FactRange, LeafFact, LeafReads } from './leaf-reads.port.js';
import { visitLeaves, type LeafVisitor } from './leaf-stream.js';

/** The first bytes of a leaf's hash, kept of every leaf: two different leaves share them once in four billion. */
export const MARK_BYTES = 4;

/** The tree over the facts and entries of one bucket in one seal. */
export class BucketTree implements LeafVisitor {
  readonly leaves: Uint8Array[] = [];
  facts = 0n;
  entries = 0n;
  /** Why the range cannot be sealed: undefined when it can. */
  obstacle: string | undefined;

  /** Reads the whole range. */
  static async read(reads: LeafReads, range: FactRange): Promise<BucketTree> {
    const tree = new BucketTree();
    await visitLeaves(reads, range, tree);
    return tree;
  }

  fact(hash: Uint8Array, { fact, isKnown }: LeafFact): void {
    this.leaves.push(hash);
    this.facts += 1n;
    if (!isKnown) this.obstacle ??= `fact ${fact.sequence} is of a kind that this version does not know`;
  }

  entry(...[hash]: Parameters<LeafVisitor['entry']>): void {
    this.leaves.push(hash);
    this.entries += 1n;
  }

  missing(sequence: bigint): void {
    this.obstacle ??= `fact ${sequence} is missing`;
  }

  root(): Uint8Array {
    return rootOf(this.leaves);
  }

  /** The marks of all leaves in order. */
  marks(): Uint8Array {
    const marks = new Uint8Array(this.leaves.length * MARK_BYTES);
    this.leaves.forEach((leaf, index) => marks.set(leaf.subarray(0, MARK_BYTES), index * MARK_BYTES));
    return marks;
  }
}
