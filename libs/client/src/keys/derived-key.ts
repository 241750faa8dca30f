import { createHash } from 'node:crypto';

const LENGTH_MAX = 255;

/** The key of one step of an operation that takes several: always the same for the same key and step. */
export function derivedKey(key: string, step: string): string {
  const derived = `${key}#${step}`;
  if (derived.length <= LENGTH_MAX) return derived;
  return `${createHash('sha256').update(key).digest('hex')}#${step}`;
}
