import { createHash } from 'node:crypto';

// RFC 6962, 2.1, word for word: slow, recursive, and shares nothing with the code under test.

type Leaves = readonly Buffer[];

/** MTH(D[n]), over leaf hashes. */
export function referenceRoot(leaves: Leaves): Buffer {
  const [only] = leaves;
  if (only === undefined) return createHash('sha256').digest();
  if (leaves.length === 1) return only;
  const k = splitOf(leaves.length);
  return referenceNode(referenceRoot(leaves.slice(0, k)), referenceRoot(leaves.slice(k)));
}

/** PATH(m, D[n]) */
export function referencePath(m: number, leaves: Leaves): Buffer[] {
  if (leaves.length <= 1) return [];
  const k = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  if (m < k) return [...referencePath(m, left), referenceRoot(right)];
  return [...referencePath(m - k, right), referenceRoot(left)];
}

/** PROOF(m, D[n]) = SUBPROOF(m, D[n], true) */
export function referenceProof(m: number, leaves: Leaves, isWhole = true): Buffer[] {
  if (m === leaves.length) return isWhole ? [] : [referenceRoot(leaves)];
  const k = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  if (m <= k) return [...referenceProof(m, left, isWhole), referenceRoot(right)];
  return [...referenceProof(m - k, right, false), referenceRoot(left)];
}

/** The leaf hash of some bytes. */
export function referenceLeaf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(Buffer.of(0)).update(bytes).digest();
}

function referenceNode(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest();
}

/** The largest power of two smaller than n. */
function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}
