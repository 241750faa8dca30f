import { setTimeout as delay } from 'node:timers/promises';
import type { WaitOptions } from '@steelyard/processes';

/** Longer than any stall of a busy machine: only a check that never passes takes it. */
const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_INTERVAL_MS = 25;

/**
 * Repeats a check until it passes: for what becomes true soon and not at a known instant. The last attempt begins
 * after the deadline, so that a process which stood still in between has not used up all of its attempts.
 *
 * @param check throws (an `expect` is fine) or returns false while it does not hold yet
 * @returns what the check returned
 * @throws the last error of the check when the time is over
 */
export async function eventually<Value>(
  check: () => Value | Promise<Value>,
  options: Partial<WaitOptions> = {},
): Promise<Value> {
  const deadline = Date.now() + (options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  for (;;) {
    const isLast = Date.now() >= deadline;
    const attempt = await tryOnce(check);
    if (attempt.passed) return attempt.value;
    if (isLast) throw attempt.error;
    await delay(options.intervalMs ?? DEFAULT_INTERVAL_MS);
  }
}

type Attempt<Value> =
  { readonly passed: true; readonly value: Value } | { readonly passed: false; readonly error: unknown };

async function tryOnce<Value>(check: () => Value | Promise<Value>): Promise<Attempt<Value>> {
  try {
    const value = await check();
    if (value !== false) return { passed: true, value };
    return { passed: false, error: new Error('the check did not hold in time') };
  } catch (error) {
    return { passed: false, error };
  }
}
