import { describe, expect, it } from '@jest/globals';
import { InvariantError } from '../result/index.js';
import { afterRake, rakeOf } from './rake.js';

const policy = { basisPoints: 500, capChips: 0n, minPotChips: 0n };

describe('rakeOf', () => {
  it.each<[string, bigint, Partial<typeof policy>, bigint]>([
    ['five percent', 500n, {}, 25n],
    ['rounded down', 599n, {}, 29n],
    ['nothing of a pot too small for a chip', 19n, {}, 0n],
    ['nothing of no pot', 0n, {}, 0n],
    ['nothing at no rate', 1_000_000n, { basisPoints: 0 }, 0n],
    ['everything at the full rate', 77n, { basisPoints: 10_000 }, 77n],
    ['a hundredth of a percent', 10_000n, { basisPoints: 1 }, 1n],
    ['at most the cap', 59_379n, { capChips: 275n }, 275n],
    ['less than the cap', 5_000n, { capChips: 275n }, 250n],
    ['no cap when the cap is 0', 59_379n, { capChips: 0n }, 2_968n],
    ['nothing of the smallest raked pot itself', 100n, { minPotChips: 100n }, 0n],
    ['of all of the pot one chip above it', 101n, { minPotChips: 100n }, 5n],
    ['exactly, of the largest pot', 9_007_199_254_740_991n, { basisPoints: 9_999 }, 9_006_298_534_815_516n],
  ])('takes %s', (_behaviour, pot, overrides, expected) => {
    expect(rakeOf(pot, { ...policy, ...overrides })).toBe(expected);
  });

  it.each<[string, bigint, Partial<typeof policy>]>([
    ['a pot below zero', -1n, {}],
    ['a rate below zero', 1n, { basisPoints: -1 }],
    ['a rate of more than everything', 1n, { basisPoints: 10_001 }],
    ['a rate that is no whole number', 1n, { basisPoints: 2.5 }],
    ['a rate that is no number', 1n, { basisPoints: Number.NaN }],
    ['a cap below zero', 1n, { capChips: -1n }],
    ['a smallest pot below zero', 1n, { minPotChips: -1n }],
  ])('stops at %s', (_case, pot, overrides) => {
    expect(() => rakeOf(pot, { ...policy, ...overrides })).toThrow(InvariantError);
  });
});

describe('afterRake', () => {
  it.each<[bigint, bigint, bigint]>([
    [575n, 25n, 550n],
    [575n, 0n, 575n],
    [575n, 575n, 0n],
    [0n, 0n, 0n],
  ])('of %p with a rake of %p leaves %p', (pot, rake, expected) => {
    expect(afterRake(pot, rake)).toBe(expected);
  });

  it.each<[bigint, bigint]>([
    [575n, -1n],
    [575n, 576n],
    [0n, 1n],
  ])('of %p refuses a rake of %p', (pot, rake) => {
    expect(afterRake(pot, rake)).toEqual({
      kind: 'refusal',
      code: 'INVALID_AMOUNT',
      message: `rake must be at least 0 and at most the pot of ${pot}`,
      field: 'rake',
    });
  });
});
