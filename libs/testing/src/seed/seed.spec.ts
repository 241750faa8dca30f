import fc from 'fast-check';
import { propertyParameters, replayHint, seededRandom, testSeed, withSeed } from './index.js';

describe('seeded randomness', () => {
  it('repeats itself for the same seed and differs for another', () => {
    const draw = (seed: number): number[] => {
      const random = seededRandom(seed);
      return Array.from({ length: 20 }, () => random.integer(0, 1_000_000));
    };
    expect(draw(42)).toEqual(draw(42));
    expect(draw(42)).not.toEqual(draw(43));
  });

  it('keeps integers inside their bounds and reaches both', () => {
    const random = seededRandom();
    const drawn = new Set(Array.from({ length: 2_000 }, () => random.integer(-2, 2)));
    expect([...drawn].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
  });

  it('refuses to pick from nothing', () => {
    expect(() => seededRandom().pick([])).toThrow('nothing to pick from');
  });

  it('adds the seed to a failure', async () => {
    const failing = withSeed(() => {
      throw new Error('a bug');
    });
    await expect(failing).rejects.toThrow(`a bug\nreplay with TEST_SEED=${testSeed()}`);
  });

  it('gives fast-check the seed of the process, and its report names it', () => {
    const property = fc.property(fc.integer(), () => false);
    expect(() => fc.assert(property, propertyParameters())).toThrow(`seed: ${testSeed()}`);
    expect(replayHint()).toBe(`replay with TEST_SEED=${testSeed()}`);
  });
});
