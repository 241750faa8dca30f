import { describe, expect, it } from '@jest/globals';
import { InvariantError } from '../result/index.js';
import { scaleToSum, splitEqually } from './split.js';

const scaled = (weights: readonly bigint[], total: bigint): bigint[] =>
  scaleToSum(
    weights.map((amount) => ({ amount })),
    total,
  ).map(({ amount }) => amount);

describe('scaleToSum', () => {
  it.each<[string, bigint[], bigint, bigint[]]>([
    ['halves what is to be halved', [100n, 50n], 75n, [50n, 25n]],
    ['doubles what is to be doubled', [100n, 50n], 300n, [200n, 100n]],
    ['keeps what sums already', [545n, 0n, 30n], 575n, [545n, 0n, 30n]],
    ['gives the one odd chip to the first', [1n, 1n, 1n], 100n, [34n, 33n, 33n]],
    ['gives two odd chips to the first two', [1n, 1n, 1n], 101n, [34n, 34n, 33n]],
    ['rounds down before it hands out: 2.5, 1.25, 1.25', [2n, 1n, 1n], 5n, [3n, 1n, 1n]],
    ['hands out in order even to an exact share: 3, 1.5, 1.5', [2n, 1n, 1n], 6n, [4n, 1n, 1n]],
    ['never gives an odd chip to a weight of zero', [0n, 1n, 0n, 1n], 3n, [0n, 2n, 0n, 1n]],
    ['shares less than one chip each', [7n, 5n, 5n], 2n, [1n, 1n, 0n]],
    ['shares nothing', [3n, 4n], 0n, [0n, 0n]],
    ['shares nothing among nothing', [0n, 0n], 0n, [0n, 0n]],
    ['shares nothing among nobody', [], 0n, []],
    [
      'is exact where a double is not',
      [9_007_199_254_740_991n, 9_007_199_254_740_990n],
      9_007_199_254_740_991n,
      [4_503_599_627_370_496n, 4_503_599_627_370_495n],
    ],
  ])('%s', (_behaviour, weights, total, expected) => {
    expect(scaled(weights, total)).toEqual(expected);
  });

  it('carries everything else along and leaves the input alone', () => {
    const items = [{ amount: 1n, accountId: 'ada' }];
    expect(scaleToSum(items, 2n)).toEqual([{ amount: 2n, accountId: 'ada' }]);
    expect(items).toEqual([{ amount: 1n, accountId: 'ada' }]);
  });

  it.each<[string, bigint[], bigint]>([
    ['a total below zero', [1n], -1n],
    ['a weight below zero', [2n, -1n], 1n],
    ['chips for weights of zero', [0n, 0n], 1n],
    ['chips for nobody', [], 1n],
  ])('stops at %s', (_case, weights, total) => {
    expect(() => scaled(weights, total)).toThrow(InvariantError);
  });
});

describe('splitEqually', () => {
  it('gives odd chips to the first seats in seat order, whatever order they are named in', () => {
    expect(splitEqually(11n, [9, 10, 2])).toEqual([
      { seatId: 2, amount: 4n },
      { seatId: 9, amount: 4n },
      { seatId: 10, amount: 3n },
    ]);
  });

  it('splits nothing into nothing', () => {
    expect(splitEqually(0n, [1, 2])).toEqual([
      { seatId: 1, amount: 0n },
      { seatId: 2, amount: 0n },
    ]);
  });

  it.each<[string, bigint, number[]]>([
    ['nobody', 1n, []],
    ['nothing for nobody', 0n, []],
    ['a seat named twice', 2n, [1, 1]],
    ['an amount below zero', -1n, [1]],
  ])('stops at %s', (_case, amount, seatIds) => {
    expect(() => splitEqually(amount, seatIds)).toThrow(InvariantError);
  });
});
