import { describe, expect, it } from '@jest/globals';
import { decodeCheckCursor, encodeCheckCursor, type CheckPosition } from './check-position.js';

const SCOPE = { check: 'verify', accountId: '@world/CZK' } as const;
const POSITION: CheckPosition = {
  bucket: 64,
  proven: { sequence: 2n ** 62n, balance: -5n, checksum: 'ab'.repeat(32) },
  summed: { through: -(2n ** 63n), sum: 2n ** 63n - 1n },
  entriesChecked: 7n,
};

const encoded = (fields: unknown): string => Buffer.from(JSON.stringify(fields)).toString('base64url');
const place = ['check.1', 'verify', '@world/CZK', 0];

describe('cursors of checks', () => {
  it('carry a position there and back', () => {
    expect(decodeCheckCursor(SCOPE, encodeCheckCursor(SCOPE, POSITION))).toEqual(POSITION);
  });

  it('are empty at the end, and the beginning when empty', () => {
    expect(encodeCheckCursor(SCOPE, undefined)).toBe('');
    expect(decodeCheckCursor(SCOPE, '')).toMatchObject({ bucket: 0, entriesChecked: 0n });
  });

  it.each([
    ['a page cursor', ['page.1', 'alice', '1', 0, '1']],
    ['another account', ['check.1', 'verify', 'alice', 0, '1', '1', 'GENESIS', '0', '0', '1']],
    ['another check', ['check.1', 'validate', '@world/CZK', 0, '1', '1', 'GENESIS', '0', '0', '1']],
    ['a checksum of another length', [...place, '1', '1', 'ab', '0', '0', '1']],
    ['a sum beyond int8', [...place, '1', '1', 'GENESIS', '0', '9223372036854775808', '1']],
    ['too few fields', [...place, '1', '1', 'GENESIS', '0', '0']],
  ])('refuse %s', (_what, fields) => {
    expect(decodeCheckCursor(SCOPE, encoded(fields))).toMatchObject({ code: 'INVALID_CURSOR' });
  });
});
