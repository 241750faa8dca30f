import { setTimeout as delay } from 'node:timers/promises';

/** How long to wait and how often to look. */
export interface WaitOptions {
  readonly timeoutMs: number;
  readonly intervalMs?: number;
}

const DEFAULT_INTERVAL_MS = 25;

/**
 * Asks until the answer is yes; for the last time after the deadline, however long this process stood still.
 *
 * @returns false when the time is over; what the question throws is passed on at once
 */
export async function waitUntil(
  question: () => boolean | Promise<boolean>,
  options: WaitOptions,
): Promise<boolean> {
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    const isLast = Date.now() >= deadline;
    if (await question()) return true;
    if (isLast) return false;
    await delay(options.intervalMs ?? DEFAULT_INTERVAL_MS);
  }
}
