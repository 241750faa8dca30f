import { describe, expect, it } from '@jest/globals';
import type { WalkPosition } from '../verification/walk-position.js';
import { decodeWalkCursor, encodeWalkCursor } from './walk-cursor.js';

const BUCKETS = 8;

const encoded = (fields: unknown): string => Buffer.from(JSON.stringify(fields)).toString('base64url');

const POSITIONS: readonly WalkPosition[] = [
  { step: 'accounts', bucket: 0, accountId: '' },
  { step: 'accounts', bucket: 7, accountId: '@world/CZK' },
  { step: 'facts', bucket: 3, factSequence: 1_000n },
];

describe('walk cursors', () => {
  it.each([
    ['a bucket of another deployment', ['walk.1', 'accounts', 8, 'alice']],
    ['an unknown step', ['walk.1', 'entries', 0, 'alice']],
    ['a page cursor', ['page.1', 'alice', '1', 0, '1']],
    ['a field too many', ['walk.1', 'accounts', 0, 'alice', '5']],
    ['a fact beyond int8', ['walk.1', 'facts', 0, '9223372036854775808']],
  ])('refuse %s', (_what, fields) => {
    expect(decodeWalkCursor(encoded(fields), BUCKETS)).toMatchObject({ code: 'INVALID_CURSOR' });
  });

  it.each(POSITIONS)('carry the position $step of bucket $bucket there and back', (position) => {
    expect(decodeWalkCursor(encodeWalkCursor(position), BUCKETS)).toEqual(position);
  });

  it('are empty at the end, and the start when empty', () => {
    expect(encodeWalkCursor(undefined)).toBe('');
    expect(decodeWalkCursor('', BUCKETS)).toEqual({ step: 'accounts', bucket: 0, accountId: '' });
  });
});
