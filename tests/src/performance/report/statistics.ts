import type { Sample, SideResult } from '../results.types.js';

/** The middle of some values and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The middle value; of an even number the mean of the two in the middle; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? 0;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? 0) + upper) / 2 : upper;
}

/** One number of every window of a side. */
export function spread(samples: readonly Sample[], value: (sample: Sample) => number): Spread {
  const values = samples.map(value);
  if (values.length === 0) return { median: 0, min: 0, max: 0 };
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** Commands a second that were accepted. */
export function perSecond(side: SideResult | undefined): Spread {
  return spread(side?.samples ?? [], ({ accepted, seconds }) => (seconds > 0 ? accepted / seconds : 0));
}
