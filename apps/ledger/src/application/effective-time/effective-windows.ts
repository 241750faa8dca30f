/**
 * Sums over all entries that took effect up to an instant, without reading them: each entry counts in one window
 * of every level, and a level's windows are 256 times as long as those of the level below: 1 ms, 0.3 s, 66 s, 5 hours,
 * 50 days, 35 years. An instant is then some windows of the longest level, fewer than 256 of each other level behind
 * them, and nothing that grows with the number of entries. Shorter steps would make reads cheaper and writes dearer.
 */
export const WINDOW_BITS = 8n;
export const WINDOW_LEVELS = 6;

/** Windows of one level, by their numbers: from `low` on and below `high`. */
export interface WindowRange {
  readonly level: number;
  readonly low: bigint;
  readonly high: bigint;
}

/** Number of the first window of all: no date is further away than this. */
const FIRST_WINDOW = -(2n ** 62n);

/** The windows that together hold every millisecond up to `atMs`, itself included, each once. */
export function windowsThrough(atMs: bigint): readonly WindowRange[] {
  const endMs = atMs + 1n;
  return Array.from({ length: WINDOW_LEVELS }, (_, level) => {
    const isLongest = level === WINDOW_LEVELS - 1;
    const high = windowOf(endMs, level);
    // The longer window that the end lies in is not complete: its part before the end is taken level by level.
    const low = isLongest ? FIRST_WINDOW : windowOf(endMs, level + 1) << WINDOW_BITS;
    return { level, low, high };
  });
}

/** Number of the window of a level that an instant lies in; of instants before 1970 it is negative. */
function windowOf(ms: bigint, level: number): bigint {
  return ms >> (WINDOW_BITS * BigInt(level));
}
