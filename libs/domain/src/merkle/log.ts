import { invariant } from '../result/index.js';
import { emptyRoot, nodeHash } from './hashing.js';

/**
 * A node of a growing log that is complete: all 2^level leaves under it are there, so it never changes again and
 * can be stored. It covers the leaves from `index` * 2^level on. Level 0 are the leaves.
 */
export interface NodePlace {
  readonly level: number;
  /** From 0, counted on its level. */
  readonly index: bigint;
}

export interface CompleteNode extends NodePlace {
  readonly hash: Uint8Array;
}

/** What must be known of a log to append to it: its size and the hashes at {@link peakPlaces}, in that order. */
export interface LogFrontier {
  readonly size: bigint;
  readonly peaks: readonly Uint8Array[];
}

/**
 * A path in terms of stored nodes: one item for each of its hashes. An item of several places is a subtree on the
 * right edge that is not complete; its hash is folded from them.
 */
export type PathPlan = readonly (readonly NodePlace[])[];

/** The complete nodes that a log of this size consists of, from the left: their hashes give its root. */
export function peakPlaces(size: bigint): NodePlace[] {
  return placesOver(0n, size);
}

/** The root of the log: from the hashes at {@link peakPlaces}, in that order. */
export function rootFromPeaks(peaks: readonly Uint8Array[]): Uint8Array {
  return peaks.length === 0 ? emptyRoot() : fold(peaks);
}

/**
 * Appends a leaf: the nodes that become complete with it, from its own (level 0) upwards, each to be stored, and
 * the frontier after it.
 */
export function appendLeaf(log: LogFrontier, leaf: Uint8Array): { nodes: CompleteNode[]; log: LogFrontier } {
  invariant(log.peaks.length === peakPlaces(log.size).length, `a log of ${log.size} leaves has other peaks`);
  const peaks = [...log.peaks];
  let node: CompleteNode = { level: 0, index: log.size, hash: leaf };
  const nodes = [node];
  // A right child completes its parent, with the last peak as the left child.
  while ((node.index & 1n) === 1n) {
    const left = peaks.pop();
    invariant(left !== undefined, 'every right child has a left one');
    node = { level: node.level + 1, index: node.index >> 1n, hash: nodeHash(left, node.hash) };
    nodes.push(node);
  }
  return { nodes, log: { size: log.size + 1n, peaks: [...peaks, node.hash] } };
}

/** The path of a leaf in the log of `size` leaves (RFC 6962, 2.1.1), `leafIndex` below `size`. */
export function inclusionPlan(leafIndex: bigint, size: bigint): PathPlan {
  invariant(leafIndex >= 0n && leafIndex < size, `a log of ${size} leaves has no leaf ${leafIndex}`);
  const plan: NodePlace[][] = [];
  let [start, count] = [0n, size];
  while (count > 1n) {
    const half = largestPowerBelow(count);
    if (leafIndex < start + half) {
      plan.push(placesOver(start + half, count - half));
      count = half;
    } else {
      plan.push(placesOver(start, half));
      [start, count] = [start + half, count - half];
    }
  }
  return plan.reverse();
}

/** What shows the log of `toSize` to continue that of `fromSize` (RFC 6962, 2.1.2), 1 ≤ fromSize ≤ toSize. */
export function consistencyPlan(fromSize: bigint, toSize: bigint): PathPlan {
  invariant(fromSize >= 1n && fromSize <= toSize, `no log of ${toSize} leaves continues one of ${fromSize}`);
  const plan: NodePlace[][] = [];
  let [start, count] = [0n, toSize];
  while (start + count !== fromSize) {
    const half = largestPowerBelow(count);
    if (fromSize <= start + half) {
      plan.push(placesOver(start + half, count - half));
      count = half;
    } else {
      plan.push(placesOver(start, half));
      [start, count] = [start + half, count - half];
    }
  }
  // When it begins at the first leaf the node is the earlier tree itself, whose root the verifier has.
  if (start !== 0n) plan.push(placesOver(start, count));
  return plan.reverse();
}

/** The hashes of a plan; `hashAt` gives what is stored at a place. */
export function hashesOf(plan: PathPlan, hashAt: (place: NodePlace) => Uint8Array): Uint8Array[] {
  return plan.map((places) => fold(places.map(hashAt)));
}

/** The complete nodes over `count` leaves from `start` on; `start` is a multiple of a power of two ≥ count. */
function placesOver(start: bigint, count: bigint): NodePlace[] {
  const places: NodePlace[] = [];
  let [next, left] = [start, count];
  while (left > 0n) {
    const level = left.toString(2).length - 1;
    const width = 1n << BigInt(level);
    places.push({ level, index: next / width });
    [next, left] = [next + width, left - width];
  }
  return places;
}

/** Subtrees from the left, each larger than all after it together, under one root. */
function fold(hashes: readonly Uint8Array[]): Uint8Array {
  return hashes.reduceRight((right, left) => nodeHash(left, right));
}

/** The largest power of two that is smaller than `count`, which is at least 2. */
function largestPowerBelow(count: bigint): bigint {
  return 1n << BigInt((count - 1n).toString(2).length - 1);
}
