import { isInRange } from './amount.js';
import type { Currency } from './currency.js';
import { refuse, type Refusal } from '../result/index.js';

/** An exchange rate as an exact fraction: whole target units for one whole source unit. */
export interface Rate {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** From which currency to which, and at what rate. */
export interface Conversion {
  readonly from: Currency;
  readonly to: Currency;
  readonly rate: Rate;
}

const RATE_TEXT = /^([0-9]{1,18})(?:\.([0-9]{1,18}))?$/;

/** Reads a rate such as "24.5371". Refuses other forms and zero with INVALID_AMOUNT. */
export function parseRate(text: string): Rate | Refusal {
  const match = RATE_TEXT.exec(text);
  const [, whole = '', fraction = ''] = match ?? [];
  const numerator = match ? BigInt(whole + fraction) : 0n;
  if (numerator === 0n) {
    return refuse('INVALID_AMOUNT', 'rate must be a decimal greater than zero such as "24.5371"', 'rate');
  }
  return { numerator, denominator: 10n ** BigInt(fraction.length) };
}

/**
 * Minor units of `to` for `amountMinor` (greater than zero) minor units of `from`. Rounded down to the minor
 * unit of `to`, so that a conversion never hands out more than the rate grants. Refuses a result of zero with
 * INVALID_AMOUNT and one beyond the amount range with AMOUNT_OUT_OF_RANGE.
 */
export function convert(amountMinor: bigint, { from, to, rate }: Conversion): bigint | Refusal {
  const numerator = amountMinor * rate.numerator * 10n ** BigInt(to.scale);
  const denominator = rate.denominator * 10n ** BigInt(from.scale);
  const converted = numerator / denominator;
  if (converted === 0n) return refuse('INVALID_AMOUNT', `amount converts to nothing in ${to.code}`, 'amount');
  if (!isInRange(converted)) return refuse('AMOUNT_OUT_OF_RANGE', 'converted amount is too large', 'amount');
  return converted;
}
