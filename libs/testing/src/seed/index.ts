import { randomInt } from 'node:crypto';
import { VerbosityLevel, type Parameters } from 'fast-check';

/** fast-check takes seeds as signed 32-bit integers. */
const SEED_MAX = 0x7fff_ffff;

const chosen = chooseSeed();

/**
 * The seed of this test process: `TEST_SEED` when set, else random. Every random choice of a test must come
 * from it (see {@link seededRandom} and {@link propertyParameters}), so that a failure can be replayed.
 */
export function testSeed(): number {
  return chosen;
}

/** How to run the same test again; belongs into the message of every failure that depends on chance. */
export function replayHint(seed: number = chosen): string {
  return `replay with TEST_SEED=${seed}`;
}

/** Parameters for `fc.assert`: the process's seed, and the seed again in the failure's report. */
export function propertyParameters<Values>(overrides: Parameters<Values> = {}): Parameters<Values> {
  return { seed: chosen, verbose: VerbosityLevel.Verbose, ...overrides };
}

/** A source of random numbers that repeats itself for the same seed. */
export interface SeededRandom {
  readonly seed: number;
  /** A whole number from `min` to `max`, both included; `max - min` must be below 2^32. */
  integer(min: number, max: number): number;
  /** One of the values; the list must not be empty. */
  pick<Value>(values: readonly Value[]): Value;
  /** True with the given probability between 0 and 1. */
  chance(probability: number): boolean;
}

/**
 * Mulberry32: small, fast and good enough for choosing test inputs; never for secrets.
 *
 * @param seed defaults to the seed of this process
 */
export function seededRandom(seed: number = chosen): SeededRandom {
  let state = seed >>> 0;
  const unit = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const integer = (min: number, max: number): number => min + Math.floor(unit() * (max - min + 1));
  return {
    seed,
    integer,
    pick: (values) => {
      const picked = values[integer(0, values.length - 1)];
      if (picked === undefined) throw new RangeError('nothing to pick from');
      return picked;
    },
    chance: (probability) => unit() < probability,
  };
}

/**
 * Runs a test body with seeded randomness and adds the seed to whatever it throws.
 *
 * @example it('keeps the books balanced', () => withSeed(async (random) => { … }))
 */
export async function withSeed<Result>(
  body: (random: SeededRandom) => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await body(seededRandom());
  } catch (error) {
    if (error instanceof Error) error.message += `\n${replayHint()}`;
    throw error;
  }
}

function chooseSeed(): number {
  const given = process.env['TEST_SEED'];
  if (given === undefined || given === '') return randomInt(SEED_MAX);
  const seed = Number(given);
  if (!Number.isInteger(seed) || Math.abs(seed) > SEED_MAX)
    throw new Error(`TEST_SEED must be a 32-bit integer, not "${given}"`);
  return seed;
}
