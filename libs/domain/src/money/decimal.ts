import { isInRange } from './amount.js';
import { refuse, type Refusal } from '../result/index.js';

const DECIMAL_TEXT = /^(-?)([0-9]{1,16})(?:\.([0-9]{1,18}))?$/;

/**
 * Reads a decimal of whole units ("12.5" CZK) as minor units (1250n at scale 2). Exact: refuses with
 * INVALID_AMOUNT a text with more significant decimals than the scale has, and with AMOUNT_OUT_OF_RANGE one
 * beyond the amount range.
 */
export function parseDecimal(text: string, scale: number, field: string): bigint | Refusal {
  const match = DECIMAL_TEXT.exec(text);
  if (!match) return refuse('INVALID_AMOUNT', `${field} must be a decimal such as 12.50`, field);
  const [, sign = '', whole = '', fraction = ''] = match;
  const kept = fraction.slice(0, scale).padEnd(scale, '0');
  if (/[1-9]/.test(fraction.slice(scale))) {
    return refuse('INVALID_AMOUNT', `${field} has more than ${scale} decimals`, field);
  }
  const minor = BigInt(sign + whole + kept);
  return isInRange(minor) ? minor : refuse('AMOUNT_OUT_OF_RANGE', `${field} is too large`, field);
}

/** Writes minor units as a decimal of whole units: 1250n at scale 2 is "12.50". Exact. */
export function formatDecimal(minor: bigint, scale: number): string {
  const sign = minor < 0n ? '-' : '';
  const digits = (minor < 0n ? -minor : minor).toString().padStart(scale + 1, '0');
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
