import type { SeededRandom } from '@steelyard/testing/seed';

const UNIT_STEPS = 0x7fff_ffff;

/**
 * Numbers from 0 to `size - 1` by Zipf's law: number k comes with a probability proportional to
 * 1 / (k + 1)^exponent. Draws by binary search in the cumulative weights: exact, and fast enough for a million.
 */
export function zipf(size: number, exponent: number, random: SeededRandom): () => number {
  const cumulative = new Float64Array(size);
  let total = 0;
  for (let k = 0; k < size; k++) {
    total += 1 / Math.pow(k + 1, exponent);
    cumulative[k] = total;
  }
  return () => firstAtLeast(cumulative, (random.integer(0, UNIT_STEPS) / UNIT_STEPS) * total);
}

function firstAtLeast(ascending: Float64Array, wanted: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? Infinity) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
