import { describe, expect, it } from '@jest/globals';
import { propertyParameters } from '@steelyard/testing/seed';
import fc from 'fast-check';
import { AMOUNT_MAX } from './amount.js';
import { convert, parseRate, type Rate } from './conversion.js';

const usd = { code: 'USD', scale: 2 };
const czk = { code: 'CZK', scale: 2 };
const jpy = { code: 'JPY', scale: 0 };
const wei = { code: 'WEI', scale: 18 };

function rateOf(text: string): Rate {
  const rate = parseRate(text);
  if ('code' in rate) throw new Error(rate.message);
  return rate;
}

describe('parseRate', () => {
  it.each([
    ['24.5371', 245_371n, 10_000n],
    ['1', 1n, 1n],
    ['0.000000000000000001', 1n, 10n ** 18n],
    ['007.50', 750n, 100n],
  ])('reads %s exactly', (text, numerator, denominator) => {
    expect(parseRate(text)).toEqual({ numerator, denominator });
  });

  it.each([
    '',
    '0',
    '0.000',
    '-1',
    '+1',
    '1e3',
    '.5',
    '5.',
    '1,5',
    ' 1',
    'NaN',
    '1'.repeat(19),
    `0.${'1'.repeat(19)}`,
  ])('refuses %p', (text) => {
    expect(parseRate(text)).toMatchObject({ code: 'INVALID_AMOUNT', field: 'rate' });
  });
});

describe('convert', () => {
  it.each([
    [100n, usd, czk, '24.5371', 2453n],
    [100n, usd, jpy, '151.99', 151n],
    [199n, usd, jpy, '1', 1n],
    [1n, jpy, usd, '0.0067', 0n],
    [150n, jpy, usd, '0.0067', 100n],
    [1n, jpy, wei, '0.009', 9_000_000_000_000_000n],
    [9_000_000_000_000_000n, wei, usd, '2500', 2250n],
  ])('%p of %p to %p at %s is %p', (amount, from, to, rate, expected) => {
    const converted = convert(amount, { from, to, rate: rateOf(rate) });
    if (expected === 0n) expect(converted).toMatchObject({ code: 'INVALID_AMOUNT', field: 'amount' });
    else expect(converted).toBe(expected);
  });

  it('reaches the largest amount and refuses one more', () => {
    expect(convert(AMOUNT_MAX, { from: usd, to: czk, rate: rateOf('1') })).toBe(AMOUNT_MAX);
    expect(convert(AMOUNT_MAX, { from: usd, to: czk, rate: rateOf('1.000000000000001') })).toMatchObject({
      code: 'AMOUNT_OUT_OF_RANGE',
      field: 'amount',
    });
  });

  it('rounds down: never hands out more than the rate grants, and less than one minor unit less', () => {
    const scale = fc.integer({ min: 0, max: 18 });
    const digits = fc.bigInt({ min: 1n, max: 10n ** 18n - 1n });
    const amounts = fc.bigInt({ min: 1n, max: AMOUNT_MAX });
    fc.assert(
      fc.property(amounts, scale, scale, digits, scale, (amount, fromScale, toScale, numerator, decimals) => {
        const rate = { numerator, denominator: 10n ** BigInt(decimals) };
        const result = convert(amount, {
          from: { code: 'A', scale: fromScale },
          to: { code: 'B', scale: toScale },
          rate,
        });
        const converted =
          typeof result === 'bigint' ? result : result.code === 'INVALID_AMOUNT' ? 0n : undefined;
        if (converted === undefined) return;
        const granted = amount * numerator * 10n ** BigInt(toScale);
        const unit = rate.denominator * 10n ** BigInt(fromScale);
        expect(converted * unit <= granted && granted < (converted + 1n) * unit).toBe(true);
      }),
      propertyParameters(),
    );
  });
});
