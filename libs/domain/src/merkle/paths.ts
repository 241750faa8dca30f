import { isSameHash, nodeHash } from './hashing.js';

/** Where a leaf lies in a tree, and the hashes that lead from it to the root, from the leaf upwards. */
export interface InclusionPath {
  /** From 0. */
  readonly leafIndex: bigint;
  readonly treeSize: bigint;
  readonly hashes: readonly Uint8Array[];
}

/** The hashes that show a tree of `toSize` leaves to begin with all leaves of the tree of `fromSize`. */
export interface ConsistencyPath {
  /** From 1: a tree without leaves says nothing. */
  readonly fromSize: bigint;
  readonly toSize: bigint;
  readonly hashes: readonly Uint8Array[];
}

/**
 * The root that a path leads to (RFC 9162, 2.1.3.2). Undefined when the index lies outside of the tree, or when a
 * path in a tree of this size has more or fewer hashes.
 */
export function rootFromPath(leaf: Uint8Array, path: InclusionPath): Uint8Array | undefined {
  if (path.leafIndex < 0n || path.leafIndex >= path.treeSize) return undefined;
  let index = path.leafIndex;
  let last = path.treeSize - 1n;
  let root = leaf;
  for (const hash of path.hashes) {
    if (last === 0n) return undefined;
    if (isOdd(index) || index === last) {
      root = nodeHash(hash, root);
      // Levels on which the node had no neighbour and moved up as it is.
      while (!isOdd(index) && index !== 0n) [index, last] = [index >> 1n, last >> 1n];
    } else {
      root = nodeHash(root, hash);
    }
    [index, last] = [index >> 1n, last >> 1n];
  }
  return last === 0n ? root : undefined;
}

/** True when the path leads from the leaf to the root. */
export function verifyInclusion(leaf: Uint8Array, path: InclusionPath, root: Uint8Array): boolean {
  const reached = rootFromPath(leaf, path);
  return reached !== undefined && isSameHash(reached, root);
}

/**
 * True when the tree under `toRoot` begins with all leaves of the tree under `fromRoot`, in their order (RFC 9162,
 * 2.1.4.2). For equal sizes the roots must be equal and the path empty. False when `fromSize` is not from 1 to
 * `toSize`.
 */
export function verifyConsistency(path: ConsistencyPath, fromRoot: Uint8Array, toRoot: Uint8Array): boolean {
  const { fromSize, toSize } = path;
  if (fromSize < 1n || fromSize > toSize) return false;
  if (fromSize === toSize) return path.hashes.length === 0 && isSameHash(fromRoot, toRoot);
  let [index, last] = [fromSize - 1n, toSize - 1n];
  while (isOdd(index)) [index, last] = [index >> 1n, last >> 1n];
  // A full tree is a node of the later one itself, and need not be told.
  const [start, ...hashes] = index === 0n ? [fromRoot, ...path.hashes] : path.hashes;
  if (start === undefined) return false;
  let [from, to] = [start, start];
  for (const hash of hashes) {
    if (last === 0n) return false;
    if (isOdd(index) || index === last) {
      from = nodeHash(hash, from);
      to = nodeHash(hash, to);
      while (!isOdd(index) && index !== 0n) [index, last] = [index >> 1n, last >> 1n];
    } else {
      to = nodeHash(to, hash);
    }
    [index, last] = [index >> 1n, last >> 1n];
  }
  return last === 0n && isSameHash(from, fromRoot) && isSameHash(to, toRoot);
}

function isOdd(value: bigint): boolean {
  return (value & 1n) === 1n;
}
