import { isRefusal, refuse, type Refusal } from '../result/index.js';

/**
 * The largest amount or balance, in minor units: 2^53 - 1, so that every amount is an exact JSON integer for
 * every client, whatever its number type.
 */
export const AMOUNT_MAX = 9_007_199_254_740_991n;

const INTEGER_TEXT = /^(?:0|-?[1-9][0-9]*)$/;
// "-" and the 16 digits of AMOUNT_MAX; a longer text is out of range without being converted.
const INTEGER_TEXT_LENGTH_MAX = 17;

/** True when an amount or a balance may be stored. */
export function isInRange(amount: bigint): boolean {
  return amount >= -AMOUNT_MAX && amount <= AMOUNT_MAX;
}

/**
 * Reads a signed amount of minor units from outside: a JSON integer, a bigint or a string of digits.
 * Refuses everything else (1.5, "1e3", "+1", "01", NaN, -0, 2^53) with the field's name: INVALID_AMOUNT for a
 * wrong form, AMOUNT_OUT_OF_RANGE for an integer beyond {@link AMOUNT_MAX}. Never rounds.
 */
export function parseAmount(value: unknown, field: string): bigint | Refusal {
  const amount = readInteger(value);
  if (amount === 'not an integer') {
    return refuse(
      'INVALID_AMOUNT',
      `${field} must be an integer of minor units or a string of digits`,
      field,
    );
  }
  if (amount === 'too large' || !isInRange(amount)) {
    return refuse('AMOUNT_OUT_OF_RANGE', `${field} must lie within ±${AMOUNT_MAX}`, field);
  }
  return amount;
}

/** As {@link parseAmount}, and refuses zero and less with INVALID_AMOUNT. */
export function parsePositiveAmount(value: unknown, field: string): bigint | Refusal {
  const amount = parseAmount(value, field);
  if (isRefusal(amount) || amount > 0n) return amount;
  return refuse('INVALID_AMOUNT', `${field} must be greater than zero`, field);
}

function readInteger(value: unknown): bigint | 'not an integer' | 'too large' {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') {
    if (!Number.isInteger(value) || Object.is(value, -0)) return 'not an integer';
    // Beyond 2^53 a JSON number has already lost digits: which integer was meant is unknown.
    return Number.isSafeInteger(value) ? BigInt(value) : 'too large';
  }
  if (typeof value !== 'string' || !INTEGER_TEXT.test(value)) return 'not an integer';
  return value.length > INTEGER_TEXT_LENGTH_MAX ? 'too large' : BigInt(value);
}
