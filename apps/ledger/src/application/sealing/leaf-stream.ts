import { leafHash } from '@steelyard/domain/merkle';
import { entryLeafText, factLeafText } from '@steelyard/domain/sealing';
import type { FactRange, LeafEntry, LeafFact, LeafReads } from './leaf-reads.port.js';

/** Facts a statement: some 10 ms of hashing, so that other requests of the process do not wait long. */
const FACTS_PER_SLICE = 1_000n;

/** Told about every leaf of a bucket's tree in order. */
export interface LeafVisitor {
  /** The leaf of a fact, before those of its entries. */
  fact(hash: Uint8Array, fact: LeafFact): void;
  entry(hash: Uint8Array, fact: LeafFact, entry: LeafEntry): void;
  /** The range has no fact with this sequence. */
  missing(sequence: bigint): void;
}

/** Walks over the leaves of a range of facts; the next slice is read while one is hashed. */
export async function visitLeaves(
  reads: LeafReads,
  { bucket, after, through }: FactRange,
  visitor: LeafVisitor,
): Promise<void> {
  const read = (from: bigint): Promise<readonly LeafFact[]> =>
    reads.read({ bucket, after: from, through: endOf(from, through) });
  let reading = read(after);
  for (let from = after; from < through; from = endOf(from, through)) {
    const facts = await reading;
    const end = endOf(from, through);
    if (end < through) {
      reading = read(end);
      // Its failure is met where it is awaited, or does not matter any more.
      reading.catch(() => undefined);
    }
    visitSlice(facts, { after: from, through: end }, visitor);
  }
}

function visitSlice(
  facts: readonly LeafFact[],
  { after, through }: Omit<FactRange, 'bucket'>,
  visitor: LeafVisitor,
): void {
  let expected = after + 1n;
  for (const fact of facts) {
    for (; expected < fact.fact.sequence; expected += 1n) visitor.missing(expected);
    visitor.fact(leafHash(factLeafText(fact.fact)), fact);
    for (const entry of fact.entries) visitor.entry(leafHash(entryLeafText(entry)), fact, entry);
    expected = fact.fact.sequence + 1n;
  }
  for (; expected <= through; expected += 1n) visitor.missing(expected);
}

function endOf(from: bigint, through: bigint): bigint {
  const end = from + FACTS_PER_SLICE;
  return end < through ? end : through;
}
