import { describe, expect, it } from '@jest/globals';
import { propertyParameters } from '@steelyard/testing/seed';
import fc from 'fast-check';
import { entryIdOf, parseId, transactionIdOf } from './ids.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const buckets = fc.integer({ min: 0, max: 4095 });
const sequences = fc.bigInt({ min: 1n, max: (1n << 54n) - 1n });
// Until the year 10889, when 48 bits of milliseconds end.
const times = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const ordinals = fc.integer({ min: 0, max: 255 });

describe('ids', () => {
  it('say time, bucket, sequence and ordinal in the places that the documentation names', () => {
    const key = { bucket: 0x2a, sequence: 0x123456789n };
    const committedAtMs = 0x019a_b2c3_d4e5;
    expect(transactionIdOf(key, committedAtMs)).toBe('019ab2c3-d4e5-702a-8000-012345678900');
    expect(entryIdOf(key, committedAtMs, 1)).toBe('019ab2c3-d4e5-702a-8000-012345678901');
    expect(entryIdOf(key, committedAtMs, 255)).toBe('019ab2c3-d4e5-702a-8000-0123456789ff');
  });

  it('reach the ends of their fields', () => {
    expect(transactionIdOf({ bucket: 0, sequence: 0n }, 0)).toBe('00000000-0000-7000-8000-000000000000');
    const last = { bucket: 4095, sequence: (1n << 54n) - 1n };
    expect(entryIdOf(last, 2 ** 48 - 1, 255)).toBe('ffffffff-ffff-7fff-bfff-ffffffffffff');
  });

  it('are UUIDs of version 7 and say where their row is', () => {
    fc.assert(
      fc.property(buckets, sequences, times, ordinals, (bucket, sequence, committedAtMs, ordinal) => {
        const id = entryIdOf({ bucket, sequence }, committedAtMs, ordinal);
        expect(id).toMatch(UUID_V7);
        expect(parseId(id)).toEqual({ bucket, sequence, committedAtMs, ordinal });
        expect(parseId(id.toUpperCase())).toEqual(parseId(id));
      }),
      propertyParameters(),
    );
  });

  it('sort by time, then bucket, then sequence, then ordinal', () => {
    const places = fc.tuple(times, buckets, sequences, ordinals);
    fc.assert(
      fc.property(places, places, (left, right) => {
        const [one, other] = [left, right].map(([time, bucket, sequence, ordinal]) =>
          entryIdOf({ bucket, sequence }, time, ordinal),
        );
        const difference = left
          .map((value, i) => BigInt(value) - BigInt(right[i] ?? 0))
          .find((d) => d !== 0n);
        expect((one ?? '') < (other ?? '')).toBe((difference ?? 0n) < 0n);
      }),
      propertyParameters(),
    );
  });

  it.each([
    '',
    'x',
    '019ab2c3-d4e5-402a-8000-012345678900',
    '019ab2c3-d4e5-702a-c000-012345678900',
    '019ab2c3d4e5702a8000012345678900',
    '019ab2c3-d4e5-702a-8000-0123456789000',
    ' 019ab2c3-d4e5-702a-8000-012345678900',
    '019ab2c3-d4e5-702a-8000-01234567890g',
    "'; drop table balance.accounts; --",
  ])('do not read %p', (text) => {
    expect(parseId(text)).toBeUndefined();
  });
});
