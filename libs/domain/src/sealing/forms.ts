import { GENESIS } from '../ledger-chain/index.js';

const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/;
const HASH = /^[0-9a-f]{64}$/;
// Printable ASCII without space and plus, which separate the parts of notes and of verifier keys.
const KEY_NAME = /^[!-*,-~]{1,255}$/;

/** ISO 8601 in UTC with exactly three decimals: in this form, texts compare as their times do. */
export function isTime(value: unknown): value is string {
  return typeof value === 'string' && TIME.test(value);
}

/** 64 lower-case hex digits. */
export function isHashText(value: unknown): value is string {
  return typeof value === 'string' && HASH.test(value);
}

/** A hash of what came before, or {@link GENESIS} where nothing did. */
export function isPreviousHash(value: unknown): value is string {
  return value === GENESIS || isHashText(value);
}

/** A name that a signing key, and the log that it signs for, may have. */
export function isKeyName(value: unknown): value is string {
  return typeof value === 'string' && KEY_NAME.test(value);
}

/** A count, size, index or sequence as JSON holds it; undefined when it is none. Exact. */
export function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || Object.is(value, -0)) {
    return undefined;
  }
  return BigInt(value);
}

/** The value of a JSON text, undefined when it is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
