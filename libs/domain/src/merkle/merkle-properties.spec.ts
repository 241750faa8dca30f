import { describe, expect, it } from '@jest/globals';
import { propertyParameters } from '@steelyard/testing/seed';
import fc from 'fast-check';
import { referencePath, referenceProof, referenceRoot } from '../../test/support/reference-tree.js';
import { leafHash, toHex } from './hashing.js';
import {
  appendLeaf,
  consistencyPlan,
  hashesOf,
  inclusionPlan,
  peakPlaces,
  rootFromPeaks,
  type LogFrontier,
  type NodePlace,
} from './log.js';
import { rootFromPath, verifyConsistency, verifyInclusion } from './paths.js';
import { pathInList, rootOf } from './tree.js';

const SIZE_MAX = 130;
const leaves = Array.from({ length: SIZE_MAX }, (_, i) => Buffer.from(leafHash(`leaf ${i}`)));
const sizes = fc.integer({ min: 1, max: SIZE_MAX });
/** A size and a place within it. */
const places = sizes.chain((size) => fc.tuple(fc.constant(size), fc.nat({ max: size - 1 })));
const hexOf = (hashes: readonly Uint8Array[]): string[] => hashes.map(toHex);

/** A log that keeps its complete nodes, as storage does. */
function storedLog(size: number): {
  hashAt: (place: NodePlace) => Uint8Array;
  log: LogFrontier;
  nodes: number;
} {
  const stored = new Map<string, Uint8Array>();
  let log: LogFrontier = { size: 0n, peaks: [] };
  for (const leaf of leaves.slice(0, size)) {
    const appended = appendLeaf(log, leaf);
    for (const { level, index, hash } of appended.nodes) stored.set(`${level}/${index}`, hash);
    log = appended.log;
  }
  const hashAt = ({ level, index }: NodePlace): Uint8Array => {
    const hash = stored.get(`${level}/${index}`);
    if (hash === undefined) throw new Error(`node ${level}/${index} is not complete in a log of ${size}`);
    return hash;
  };
  return { hashAt, log, nodes: stored.size };
}

function flipped(hash: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(hash);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

describe('a tree over a list', () => {
  it('has the root and the paths of the definition', () => {
    fc.assert(
      fc.property(places, ([size, index]) => {
        const list = leaves.slice(0, size);
        expect(toHex(rootOf(list))).toBe(referenceRoot(list).toString('hex'));
        expect(hexOf(pathInList(list, index))).toEqual(hexOf(referencePath(index, list)));
      }),
      propertyParameters(),
    );
  });

  it('has the root of the definition without leaves', () => {
    expect(toHex(rootOf([]))).toBe(referenceRoot([]).toString('hex'));
  });

  it('has no path of a leaf that it does not have', () => {
    expect(() => pathInList(leaves.slice(0, 3), 3)).toThrow('no leaf 3');
    expect(() => pathInList([], 0)).toThrow('no leaf 0');
  });

  it('takes 200,000 leaves', () => {
    const many = Array.from({ length: 200_000 }, (_, i) => leaves[i % SIZE_MAX] ?? Buffer.of());
    const path = pathInList(many, 123_456);
    const inclusion = { leafIndex: 123_456n, treeSize: 200_000n, hashes: path };
    expect(verifyInclusion(leaves[123_456 % SIZE_MAX] ?? Buffer.of(), inclusion, rootOf(many))).toBe(true);
  });
});

describe('an inclusion path', () => {
  const inclusionOf = ([size, index]: [number, number]): {
    leaf: Buffer;
    path: { leafIndex: bigint; treeSize: bigint; hashes: Buffer[] };
    root: Buffer;
  } => {
    const list = leaves.slice(0, size);
    const path = { leafIndex: BigInt(index), treeSize: BigInt(size), hashes: referencePath(index, list) };
    return { leaf: list[index] ?? Buffer.of(), path, root: referenceRoot(list) };
  };

  it('leads from every leaf to the root', () => {
    fc.assert(
      fc.property(places, (place) => {
        const { leaf, path, root } = inclusionOf(place);
        expect(verifyInclusion(leaf, path, root)).toBe(true);
      }),
      propertyParameters(),
    );
  });

  it('does not lead there with any bit changed, nor from another leaf', () => {
    fc.assert(
      fc.property(places, fc.nat({ max: 255 }), fc.nat(), (place, bit, which) => {
        const { leaf, path, root } = inclusionOf(place);
        expect(verifyInclusion(flipped(leaf, bit), path, root)).toBe(false);
        expect(verifyInclusion(leaf, path, flipped(root, bit))).toBe(false);
        if (path.hashes.length === 0) return;
        const hashes = path.hashes.map((hash, i) =>
          i === which % path.hashes.length ? flipped(hash, bit) : hash,
        );
        expect(verifyInclusion(leaf, { ...path, hashes }, root)).toBe(false);
      }),
      propertyParameters(),
    );
  });

  it('does not lead there from another index, nor with a hash more or less', () => {
    fc.assert(
      fc.property(places, fc.nat({ max: SIZE_MAX }), (place, other) => {
        const { leaf, path, root } = inclusionOf(place);
        if (other !== place[1]) {
          expect(verifyInclusion(leaf, { ...path, leafIndex: BigInt(other) }, root)).toBe(false);
        }
        expect(rootFromPath(leaf, { ...path, hashes: [...path.hashes, root] })).toBeUndefined();
        if (path.hashes.length === 0) return;
        expect(rootFromPath(leaf, { ...path, hashes: path.hashes.slice(1) })).toBeUndefined();
      }),
      propertyParameters(),
    );
  });

  it('has an index within the tree', () => {
    const leaf = leafHash('a');
    expect(rootFromPath(leaf, { leafIndex: -1n, treeSize: 1n, hashes: [] })).toBeUndefined();
    expect(rootFromPath(leaf, { leafIndex: 1n, treeSize: 1n, hashes: [] })).toBeUndefined();
    expect(rootFromPath(leaf, { leafIndex: 0n, treeSize: 0n, hashes: [] })).toBeUndefined();
  });
});

describe('a stored log', () => {
  it('stores each complete node once and gives the root at every size', () => {
    for (let size = 1; size <= SIZE_MAX; size++) {
      const { hashAt, log, nodes } = storedLog(size);
      const root = referenceRoot(leaves.slice(0, size)).toString('hex');
      expect(toHex(rootFromPeaks(log.peaks))).toBe(root);
      expect(toHex(rootFromPeaks(peakPlaces(BigInt(size)).map(hashAt)))).toBe(root);
      expect(nodes).toBe(2 * size - log.peaks.length);
    }
  });

  it('has the paths of the definition at every earlier size', () => {
    const { hashAt } = storedLog(SIZE_MAX);
    fc.assert(
      fc.property(places, ([size, index]) => {
        const plan = inclusionPlan(BigInt(index), BigInt(size));
        expect(hexOf(hashesOf(plan, hashAt))).toEqual(hexOf(referencePath(index, leaves.slice(0, size))));
        // Nodes that are complete at that size, and few of them.
        const { hashAt: hashThen } = storedLog(size);
        expect(() => hashesOf(plan, hashThen)).not.toThrow();
        expect(plan.flat().length).toBeLessThanOrEqual(16);
      }),
      propertyParameters(),
    );
  });

  it('has the consistency proofs of the definition, and they verify', () => {
    const { hashAt } = storedLog(SIZE_MAX);
    fc.assert(
      fc.property(sizes, sizes, (one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        const hashes = hashesOf(consistencyPlan(BigInt(from), BigInt(to)), hashAt);
        expect(hexOf(hashes)).toEqual(hexOf(referenceProof(from, leaves.slice(0, to))));
        const path = { fromSize: BigInt(from), toSize: BigInt(to), hashes };
        const roots = [from, to].map((size) => referenceRoot(leaves.slice(0, size)));
        const [fromRoot = Buffer.of(), toRoot = Buffer.of()] = roots;
        expect(verifyConsistency(path, fromRoot, toRoot)).toBe(true);
      }),
      propertyParameters(),
    );
  });

  it('names places far beyond 32 bits', () => {
    const size = (1n << 40n) + 3n;
    expect(peakPlaces(size)).toEqual([
      { level: 40, index: 0n },
      { level: 1, index: 1n << 39n },
      { level: 0, index: size - 1n },
    ]);
    expect(inclusionPlan(size - 1n, size)).toHaveLength(2);
    expect(consistencyPlan(1n << 40n, size)).toEqual([
      [
        { level: 1, index: 1n << 39n },
        { level: 0, index: size - 1n },
      ],
    ]);
  });

  it('is not appended to with peaks of another size', () => {
    expect(() => appendLeaf({ size: 3n, peaks: [leafHash('a')] }, leafHash('b'))).toThrow('other peaks');
  });

  it('has no path of what it does not have', () => {
    expect(() => inclusionPlan(3n, 3n)).toThrow('no leaf 3');
    expect(() => consistencyPlan(0n, 3n)).toThrow('continues');
    expect(() => consistencyPlan(4n, 3n)).toThrow('continues');
  });
});

describe('a consistency proof', () => {
  const pairs = fc
    .tuple(sizes, sizes)
    .map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const);
  const rootAt = (size: number): Buffer => referenceRoot(leaves.slice(0, size));

  it('does not hold for a rewritten log', () => {
    fc.assert(
      fc.property(pairs, fc.nat(), fc.nat({ max: 255 }), ([from, to], which, bit) => {
        const rewritten = leaves.slice(0, to);
        const at = which % from;
        rewritten[at] = Buffer.from(flipped(rewritten[at] ?? Buffer.of(), bit));
        const path = { fromSize: BigInt(from), toSize: BigInt(to), hashes: referenceProof(from, rewritten) };
        expect(verifyConsistency(path, rootAt(from), referenceRoot(rewritten))).toBe(false);
      }),
      propertyParameters(),
    );
  });

  it('does not hold with a changed, missing or further hash, nor with sizes exchanged', () => {
    fc.assert(
      fc.property(pairs, fc.nat(), fc.nat({ max: 255 }), ([from, to], which, bit) => {
        const hashes: Uint8Array[] = referenceProof(from, leaves.slice(0, to));
        const path = { fromSize: BigInt(from), toSize: BigInt(to), hashes };
        const [fromRoot, toRoot] = [rootAt(from), rootAt(to)];
        expect(verifyConsistency({ ...path, hashes: [...hashes, toRoot] }, fromRoot, toRoot)).toBe(false);
        if (from === to) return;
        const exchanged = { ...path, fromSize: path.toSize, toSize: path.fromSize };
        expect(verifyConsistency(exchanged, toRoot, fromRoot)).toBe(false);
        const at = which % hashes.length;
        const changed = hashes.map((hash, i) => (i === at ? flipped(hash, bit) : hash));
        expect(verifyConsistency({ ...path, hashes: changed }, fromRoot, toRoot)).toBe(false);
        const fewer = hashes.filter((_, i) => i !== at);
        expect(verifyConsistency({ ...path, hashes: fewer }, fromRoot, toRoot)).toBe(false);
      }),
      propertyParameters(),
    );
  });

  it('does not exist from nothing', () => {
    const root = rootAt(1);
    expect(verifyConsistency({ fromSize: 0n, toSize: 1n, hashes: [] }, rootOf([]), root)).toBe(false);
    expect(verifyConsistency({ fromSize: 0n, toSize: 0n, hashes: [] }, rootOf([]), rootOf([]))).toBe(false);
  });
});
