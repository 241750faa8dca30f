import { describe, expect, it } from '@jest/globals';
import { bucketOf, BUCKETS_MAX } from './bucket.js';

describe('bucketOf', () => {
  // Rows live where this says. A change of any of these values loses accounts of every existing deployment.
  it.each([
    ['a', 32, 3360, 192],
    ['alice', 5, 1221, 469],
    ['bob', 18, 1554, 818],
    ['player-1', 60, 636, 988],
    ['player-42', 33, 353, 977],
    ['acc_00000001', 15, 3407, 727],
    ['1', 16, 784, 312],
    ['Z9._:@+-x', 21, 2709, 581],
    ['x'.repeat(128), 27, 2203, 795],
    ['@world/CHIPS', 54, 1398, 598],
    ['user@example.com', 17, 2129, 233],
    ['account:2024-01-31', 22, 3862, 846],
  ])('%s is in bucket %i of 64, %i of 4096 and %i of 1000 for ever', (id, of64, of4096, of1000) => {
    expect(bucketOf(id, 64)).toBe(of64);
    expect(bucketOf(id, BUCKETS_MAX)).toBe(of4096);
    expect(bucketOf(id, 1000)).toBe(of1000);
  });

  it.each(['t-1', 'alice', 'table:5@club'])('keeps all accounts of the table %s together', (tableId) => {
    const home = bucketOf(tableId, 64);
    const accounts = [`@table/${tableId}/CHIPS`, `@table/${tableId}/USD`, `@pot/${tableId}/h-1/CHIPS`];
    expect([...accounts, `@table/${tableId}`, `@pot/${tableId}/h-2`].map((id) => bucketOf(id, 64))).toEqual([
      home,
      home,
      home,
      home,
      home,
    ]);
  });

  it('has only one bucket to choose from when there is one', () => {
    expect(bucketOf('alice', 1)).toBe(0);
  });

  it.each([
    ['counted ids', (i: number) => `player-${i}`],
    ['padded ids', (i: number) => `acc_${String(i).padStart(8, '0')}`],
    ['plain numbers', (i: number) => `${i}`],
    ['mail addresses', (i: number) => `user${i}@example.com`],
    ['ids with a common end', (i: number) => `${i}-checking-account`],
  ])('spreads %s evenly over 64 buckets', (_, idOf) => {
    const counts = new Array<number>(64).fill(0);
    const ids = 64_000;
    for (let i = 0; i < ids; i++) {
      const bucket = bucketOf(idOf(i), 64);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    // 1,000 expected in each; a fair hash stays within five standard deviations (about 157).
    expect(Math.min(...counts)).toBeGreaterThan(840);
    expect(Math.max(...counts)).toBeLessThan(1160);
  });
});
