import type { StretchLimits } from '../read-facts/fact-tail.port.js';

/** A transaction's worth for the consumer, and little enough to be encoded between two commands. */
export const BATCH = { factsMax: 1_000, bytesMax: 1024 * 1024 };
/** Of one bucket: what one bucket that is far behind takes must not be all that its consumer takes. */
export const STRETCH = { factsMax: 500, bytesMax: 512 * 1024 };

/**
 * How much of each bucket goes into one delivery over so many. Rounded to powers of two: consumers that are at the same
 * places in slightly different company still read the same stretches, and those are read once.
 */
export function stretchLimits(places: number): StretchLimits {
  const shares = 2 ** Math.ceil(Math.log2(Math.max(1, places)));
  return {
    factsMax: Math.min(STRETCH.factsMax, Math.max(1, Math.floor(BATCH.factsMax / shares))),
    bytesMax: Math.min(STRETCH.bytesMax, Math.floor(BATCH.bytesMax / shares)),
  };
}
