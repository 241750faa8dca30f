import { invariant } from '../result/index.js';
import { emptyRoot, nodeHash } from './hashing.js';

/**
 * The root over leaf hashes in order (RFC 6962, 2.1). Works level by level: n - 1 hashes, no recursion. A node
 * without a neighbour moves up as it is, which is what the recursive definition comes to.
 */
export function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  let level = leaves;
  while (level.length > 1) level = parentsOf(level);
  return level[0] ?? emptyRoot();
}

/**
 * The path of one leaf of a list, from the leaf upwards: with it {@link rootOf} can be computed from the leaf
 * alone. `leafIndex` counts from 0 and must lie in the list.
 */
export function pathInList(leaves: readonly Uint8Array[], leafIndex: number): Uint8Array[] {
  invariant(leafIndex >= 0 && leafIndex < leaves.length, `there is no leaf ${leafIndex}`);
  const path: Uint8Array[] = [];
  let level = leaves;
  let index = leafIndex;
  while (level.length > 1) {
    const neighbour = level[index % 2 === 0 ? index + 1 : index - 1];
    if (neighbour !== undefined) path.push(neighbour);
    level = parentsOf(level);
    index = Math.floor(index / 2);
  }
  return path;
}

function parentsOf(level: readonly Uint8Array[]): Uint8Array[] {
  const parents: Uint8Array[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const left = level[i];
    const right = level[i + 1];
    if (left !== undefined) parents.push(right === undefined ? left : nodeHash(left, right));
  }
  return parents;
}
