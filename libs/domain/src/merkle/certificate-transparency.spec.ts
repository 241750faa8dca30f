import { describe, expect, it } from '@jest/globals';
import { referenceLeaf, referenceRoot } from '../../test/support/reference-tree.js';
import { fromHex, toHex } from './hashing.js';
import {
  appendLeaf,
  consistencyPlan,
  hashesOf,
  inclusionPlan,
  rootFromPeaks,
  type LogFrontier,
} from './log.js';
import { verifyConsistency, verifyInclusion } from './paths.js';
import { pathInList, rootOf } from './tree.js';

// The test vectors of certificate transparency: eight leaves, the roots of the trees over the first n of them.
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const INCLUSION: readonly (readonly [leaf: number, size: number, path: readonly string[]])[] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];
const CONSISTENCY: readonly (readonly [from: number, to: number, path: readonly string[]])[] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];

const leaves = LEAVES.map((hex) => referenceLeaf(Buffer.from(hex, 'hex')));
const hash = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array();

/** All complete nodes of the log over the eight leaves, and its root after each. */
function grow(): { stored: Map<string, Uint8Array>; roots: string[] } {
  const stored = new Map<string, Uint8Array>();
  const roots: string[] = [];
  let log: LogFrontier = { size: 0n, peaks: [] };
  for (const leaf of leaves) {
    const appended = appendLeaf(log, leaf);
    for (const { level, index, hash: bytes } of appended.nodes) stored.set(`${level}/${index}`, bytes);
    log = appended.log;
    roots.push(toHex(rootFromPeaks(log.peaks)));
  }
  return { stored, roots };
}

describe('the vectors of certificate transparency', () => {
  const { stored, roots } = grow();
  const hashAt = ({ level, index }: { level: number; index: bigint }): Uint8Array =>
    stored.get(`${level}/${index}`) ?? new Uint8Array();

  it('give the roots of one to eight leaves, in a list, in a log and by the reference', () => {
    expect(leaves.map((_, i) => toHex(rootOf(leaves.slice(0, i + 1))))).toEqual(ROOTS);
    expect(leaves.map((_, i) => toHex(referenceRoot(leaves.slice(0, i + 1))))).toEqual(ROOTS);
    expect(roots).toEqual(ROOTS);
  });

  it.each(INCLUSION)('give the path of leaf %i in the tree of %i', (leaf, size, path) => {
    expect(pathInList(leaves.slice(0, size), leaf).map(toHex)).toEqual(path);
    expect(hashesOf(inclusionPlan(BigInt(leaf), BigInt(size)), hashAt).map(toHex)).toEqual(path);
    const inclusion = { leafIndex: BigInt(leaf), treeSize: BigInt(size), hashes: path.map(hash) };
    expect(verifyInclusion(leaves[leaf] ?? Buffer.of(), inclusion, hash(ROOTS[size - 1] ?? ''))).toBe(true);
  });

  it.each(CONSISTENCY)('give the proof that %i leaves are the beginning of %i', (from, to, path) => {
    expect(hashesOf(consistencyPlan(BigInt(from), BigInt(to)), hashAt).map(toHex)).toEqual(path);
    const consistency = { fromSize: BigInt(from), toSize: BigInt(to), hashes: path.map(hash) };
    const [fromRoot, toRoot] = [hash(ROOTS[from - 1] ?? ''), hash(ROOTS[to - 1] ?? '')];
    expect(verifyConsistency(consistency, fromRoot, toRoot)).toBe(true);
  });
});
