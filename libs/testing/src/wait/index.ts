import { setTimeout as delay } from 'node:timers/promises';
import type { WaitOptions } from '@steelyard/processes';

const DEFAULT_INTERVAL_MS = 25;

/**
 * Repeats a check until it passes: for what becomes true soon and not at a known instant.
 *
 * @param check throws (an `expect` is fine) or returns false while it does not hold yet
 * @returns what the check returned
 * @throws the last error of the check when the time is over
 */
export async function eventually<Value>(
  check: () => Value | Promise<Value>,
  options: WaitOptions,
): Promise<Value> {
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    const attempt = await tryOnce(check);
    if (attempt.passed) return attempt.value;
    if (Date.now() >= deadline) throw attempt.error;
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
