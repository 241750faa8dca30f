import { hash } from 'node:crypto';
import { invariant } from '../result/index.js';

/** Bytes of every hash of a tree: SHA-256. */
export const HASH_BYTES = 32;

// RFC 6962, 2.1: what begins with these can never be taken for the other.
const LEAF_PREFIX = '\u0000';
const NODE_PREFIX = 0x01;
const HASH_TEXT = /^[0-9a-f]{64}$/;

/** The hash of a leaf: SHA-256 over a zero byte and the UTF-8 bytes of its text. */
export function leafHash(text: string): Uint8Array {
  return hash('sha256', LEAF_PREFIX + text, 'buffer');
}

/** The hash of an inner node: SHA-256 over 0x01 and the hashes of its two children. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  invariant(left.length === HASH_BYTES && right.length === HASH_BYTES, 'a node has two hashes of 32 bytes');
  const bytes = new Uint8Array(1 + 2 * HASH_BYTES);
  bytes[0] = NODE_PREFIX;
  bytes.set(left, 1);
  bytes.set(right, 1 + HASH_BYTES);
  return hash('sha256', bytes, 'buffer');
}

/** The root of a tree without leaves: SHA-256 of nothing. */
export function emptyRoot(): Uint8Array {
  return hash('sha256', '', 'buffer');
}

/** True when two hashes are the same bytes. Hashes are no secrets: not in constant time. */
export function isSameHash(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** Reads 64 lower-case hex digits; undefined for anything else. */
export function fromHex(text: string): Uint8Array | undefined {
  if (!HASH_TEXT.test(text)) return undefined;
  return Uint8Array.from(
    { length: HASH_BYTES },
    (_, i) => hexDigit(text, 2 * i) * 16 + hexDigit(text, 2 * i + 1),
  );
}

function hexDigit(text: string, at: number): number {
  return '0123456789abcdef'.indexOf(text.charAt(at));
}
