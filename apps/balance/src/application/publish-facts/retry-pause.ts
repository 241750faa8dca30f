const PAUSE_MIN_MS = 100;
/** A consumer that is back is noticed after this at the latest, whichever of its buckets is tried first. */
const PAUSE_MAX_MS = 5_000;

/**
 * How long to leave a bucket of a consumer alone after an attempt that failed: twice as long each time, between
 * half and all of it, so that the buckets of a consumer that is back do not come all at once. Milliseconds.
 *
 * @param attempt which one in a row failed, from 1.
 * @param random a number from 0 to 1.
 */
export function retryPauseMs(attempt: number, random: number): number {
  const fullMs = Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS * 2 ** Math.min(attempt - 1, 16));
  return Math.round(fullMs * (0.5 + random / 2));
}
