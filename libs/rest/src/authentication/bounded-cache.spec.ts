import { describe, expect, it } from '@jest/globals';
import { BoundedCache } from './bounded-cache.js';

describe('BoundedCache', () => {
  it('forgets what is not fresh any more', () => {
    const cache = new BoundedCache<number>(2);
    cache.set('a', 1, 10);
    expect(cache.get('a', 9)).toBe(1);
    expect(cache.get('a', 10)).toBeUndefined();
  });

  it('drops what was used longest ago', () => {
    const cache = new BoundedCache<number>(2);
    cache.set('a', 1, 10);
    cache.set('b', 2, 10);
    cache.get('a', 0);
    cache.set('c', 3, 10);
    expect([cache.get('a', 0), cache.get('b', 0), cache.get('c', 0)]).toEqual([1, undefined, 3]);
  });
});
