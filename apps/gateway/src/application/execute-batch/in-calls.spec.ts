import { describe, expect, it } from '@jest/globals';
import { inCalls } from './in-calls.js';

const cut = (items: number[]): number[][] => inCalls(items, (item) => item, { countMax: 3, bytesMax: 10 });

describe('inCalls', () => {
  it('makes no call of nothing', () => expect(cut([])).toEqual([]));
  it('cuts by count', () => expect(cut([1, 1, 1, 1])).toEqual([[1, 1, 1], [1]]));
  it('cuts by bytes', () => expect(cut([6, 4, 1])).toEqual([[6, 4], [1]]));
  it('gives an item that is too large a call of its own', () =>
    expect(cut([1, 99, 1])).toEqual([[1], [99], [1]]));
});
