import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodePageCursor, encodePageCursor } from './page-cursor.js';

const encoded = (fields: unknown): string => Buffer.from(JSON.stringify(fields)).toString('base64url');

describe('page cursors', () => {
  it.each([
    ['another form', ['page.2', 'alice', '1', 0, '1']],
    ['too few fields', ['page.1', 'alice', '1', 0]],
    ['too many fields', ['page.1', 'alice', '1', 0, '1', '1']],
    ['a negative time', ['page.1', 'alice', '-1', 0, '1']],
    ['a sequence beyond int8', ['page.1', 'alice', '1', 0, '9223372036854775808']],
    ['a leading zero', ['page.1', 'alice', '01', 0, '1']],
    ['a bucket beyond the last', ['page.1', 'alice', '1', 4_096, '1']],
    ['a broken bucket', ['page.1', 'alice', '1', 1.5, '1']],
    ['another account', ['page.1', 'bob', '1', 0, '1']],
    ['an object', { 0: 'page.1' }],
  ])('refuse %s', (_what, fields) => {
    expect(decodePageCursor(encoded(fields), 'alice')).toMatchObject({ code: 'INVALID_CURSOR' });
  });

  it('refuse the same fields in another writing', () => {
    const cursor = Buffer.from('["page.1", "alice", "1", 0, "1"]').toString('base64url');
    expect(decodePageCursor(cursor, 'alice')).toMatchObject({ code: 'INVALID_CURSOR' });
  });

  it('refuse whatever text a client makes up', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (cursor) => {
        expect(decodePageCursor(cursor, 'alice')).toMatchObject({ code: 'INVALID_CURSOR' });
      }),
    );
  });

  it('are the first page when empty', () => {
    expect(decodePageCursor('', 'alice')).toBeUndefined();
  });

  it('carry a position there and back', () => {
    const position = fc.record({
      committedAtMs: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
      bucket: fc.integer({ min: 0, max: 4_095 }),
      sequence: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
    });
    fc.assert(
      fc.property(position, (place) => {
        expect(decodePageCursor(encodePageCursor('@world/CZK', place), '@world/CZK')).toEqual(place);
      }),
    );
  });
});
