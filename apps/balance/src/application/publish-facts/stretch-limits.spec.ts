import { describe, expect, it } from '@jest/globals';
import { stretchLimits } from './stretch-limits.js';

describe('stretchLimits', () => {
  it('gives one or two buckets as much as a bucket may have', () => {
    for (const places of [1, 2]) {
      expect(stretchLimits(places)).toEqual({ factsMax: 500, bytesMax: 512 * 1024 });
    }
  });

  it('shares a batch among more, alike for numbers that are close', () => {
    expect(stretchLimits(33)).toEqual({ factsMax: 15, bytesMax: 16 * 1024 });
    expect(stretchLimits(64)).toEqual(stretchLimits(33));
    expect(stretchLimits(65).factsMax).toBe(7);
  });
});
