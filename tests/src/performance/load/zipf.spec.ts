import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@steelyard/testing/seed';
import { accountChoice, otherThan } from './account-choice.js';
import { zipf } from './zipf.js';

const DRAWS = 100_000;

function countsOf(draw: () => number): Map<number, number> {
  const counts = new Map<number, number>();
  for (let i = 0; i < DRAWS; i++) {
    const drawn = draw();
    counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
  }
  return counts;
}

describe('zipf', () => {
  it('draws the second twice as rarely as the first with exponent 1', () => {
    const counts = countsOf(zipf(1_000, 1, seededRandom(7)));
    const ratio = (counts.get(0) ?? 0) / (counts.get(1) ?? 1);
    expect(ratio).toBeGreaterThan(1.9);
    expect(ratio).toBeLessThan(2.1);
  });

  it('never draws beyond its size', () => {
    const drawn = [...countsOf(zipf(10, 1.1, seededRandom(7))).keys()];
    expect(Math.min(...drawn)).toBe(0);
    expect(Math.max(...drawn)).toBe(9);
  });
});

describe('accountChoice', () => {
  it('puts nine of ten draws on the hot account', () => {
    const counts = countsOf(accountChoice('hot', 1_000, seededRandom(7)));
    expect((counts.get(0) ?? 0) / DRAWS).toBeCloseTo(0.9, 1);
  });

  it('never pairs an account with itself', () => {
    const random = seededRandom(7);
    const others = Array.from({ length: 1_000 }, () => otherThan(3, 10, random));
    expect(others).not.toContain(3);
    expect(new Set(others).size).toBe(9);
  });
});
