import type { MixedRequests } from './mixed-requests.js';

/**
 * What is wrong with the effects in the books, one line a fault: what was acknowledged is there as often as its
 * answer said, and what was never answered is there or not; nothing else is.
 */
export function missingOrDoubled(
  effects: ReadonlyMap<string, number>,
  { acknowledged, unknown }: MixedRequests,
): string[] {
  const faults: string[] = [];
  for (const [key, { effects: expected }] of acknowledged) {
    const found = effects.get(key) ?? 0;
    if (found !== expected) faults.push(`${key} was answered with ${expected} effects, ${found} are there`);
  }
  const unanswered = new Set(unknown.map(({ idempotencyKey }) => idempotencyKey));
  for (const key of effects.keys()) {
    if (!acknowledged.has(key) && !unanswered.has(key)) faults.push(`${key} was never sent`);
  }
  return faults;
}
