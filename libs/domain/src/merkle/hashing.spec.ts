import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { propertyParameters } from '@steelyard/testing/seed';
import fc from 'fast-check';
import { emptyRoot, fromHex, isSameHash, leafHash, nodeHash, toHex } from './hashing.js';

const sha256 = (...parts: (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

describe('hashes of a tree', () => {
  it('have the values of RFC 6962 for no leaf and for the empty leaf', () => {
    expect(toHex(emptyRoot())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(toHex(leafHash(''))).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  });

  it('prefix a leaf with 0x00 and its UTF-8, a node with 0x01', () => {
    expect(toHex(leafHash('Žižkov 😀'))).toBe(sha256(Buffer.of(0), 'Žižkov 😀'));
    const [left, right] = [leafHash('a'), leafHash('b')];
    expect(toHex(nodeHash(left, right))).toBe(sha256(Buffer.of(1), left, right));
  });

  it('refuse to make a node of anything but two hashes', () => {
    expect(() => nodeHash(leafHash('a'), new Uint8Array(31))).toThrow('32 bytes');
  });
});

describe('hex', () => {
  it('goes both ways', () => {
    const hashes = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(hashes, (bytes) => {
        expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
        const read = fromHex(toHex(bytes));
        expect(read !== undefined && isSameHash(read, bytes)).toBe(true);
      }),
      propertyParameters(),
    );
  });

  it.each(['', 'a'.repeat(63), 'a'.repeat(65), 'A'.repeat(64), `${'a'.repeat(63)}g`, `${'a'.repeat(64)}\n`])(
    'does not read %j',
    (text) => {
      expect(fromHex(text)).toBeUndefined();
    },
  );
});

describe('isSameHash', () => {
  it('compares every byte and the length', () => {
    expect(isSameHash(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(isSameHash(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(isSameHash(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3))).toBe(false);
  });
});
