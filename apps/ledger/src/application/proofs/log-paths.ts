import {
  consistencyPlan,
  hashesOf,
  inclusionPlan,
  toHex,
  type NodePlace,
  type PathPlan,
} from '@steelyard/domain/merkle';
import type { SealReads } from '../sealing/seal-reads.port.js';

/** Lower-case hex from the leaf of a seal to the root of a log; undefined when a stored node is missing. */
export function inclusionHashes(
  seals: SealReads,
  leaf: { readonly leafIndex: bigint; readonly treeSize: bigint },
): Promise<string[] | undefined> {
  return stored(seals, inclusionPlan(leaf.leafIndex, leaf.treeSize));
}

/** Lower-case hex that leads from one size of the log to another; undefined when a stored node is missing. */
export function consistencyHashes(
  seals: SealReads,
  sizes: { readonly fromSize: bigint; readonly toSize: bigint },
): Promise<string[] | undefined> {
  return stored(seals, consistencyPlan(sizes.fromSize, sizes.toSize));
}

async function stored(seals: SealReads, plan: PathPlan): Promise<string[] | undefined> {
  const places = plan.flat();
  const found = await seals.nodes(places);
  const byPlace = new Map<string, Uint8Array>();
  for (const [index, place] of places.entries()) {
    const hash = found[index];
    if (hash === undefined) return undefined;
    byPlace.set(keyOf(place), hash);
  }
  // Every place of the plan is in the map by now.
  return hashesOf(plan, (place) => byPlace.get(keyOf(place)) ?? new Uint8Array()).map(toHex);
}

function keyOf({ level, index }: NodePlace): string {
  return `${level} ${index}`;
}
