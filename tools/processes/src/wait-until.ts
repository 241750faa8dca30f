import { setTimeout as delay } from 'node:timers/promises';

/** How long to wait and how often to look. */
export interface WaitOptions {
  readonly timeoutMs: number;
  readonly intervalMs?: number;
}

const DEFAULT_INTERVAL_MS = 25;

/**
 * Asks until the answer is yes.
 *
 * @returns false when the time is over; what the question throws is passed on at once
 */
export async function waitUntil(
  question: () => boolean | Promise<boolean>,
  options: WaitOptions,
): Promise<boolean> {
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    if (await question()) return true;
    if (Date.now() >= deadline) return false;
    await delay(options.intervalMs ?? DEFAULT_INTERVAL_MS);
  }
}
