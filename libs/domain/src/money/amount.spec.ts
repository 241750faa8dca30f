import { describe, expect, it } from '@jest/globals';
import { propertyParameters } from '@steelyard/testing/seed';
import fc from 'fast-check';
import { AMOUNT_MAX, isInRange, parseAmount, parsePositiveAmount } from './amount.js';

const invalid = {
  kind: 'refusal',
  code: 'INVALID_AMOUNT',
  message: 'stake must be an integer of minor units or a string of digits',
  field: 'stake',
};
const outOfRange = {
  kind: 'refusal',
  code: 'AMOUNT_OUT_OF_RANGE',
  message: 'stake must lie within ±9007199254740991',
  field: 'stake',
};

describe('parseAmount', () => {
  it.each<[unknown, bigint]>([
    [0, 0n],
    [1, 1n],
    [-1, -1n],
    ['0', 0n],
    ['1', 1n],
    ['-1', -1n],
    ['9007199254740991', 9_007_199_254_740_991n],
    ['-9007199254740991', -9_007_199_254_740_991n],
    [9_007_199_254_740_991, 9_007_199_254_740_991n],
    [-9_007_199_254_740_991, -9_007_199_254_740_991n],
    [1e3, 1000n],
    [42n, 42n],
    [9_007_199_254_740_991n, 9_007_199_254_740_991n],
  ])('reads %p exactly', (value, expected) => {
    expect(parseAmount(value, 'stake')).toBe(expected);
  });

  it.each<unknown>([
    -0,
    1.5,
    Number.NaN,
    Infinity,
    -Infinity,
    Number.MIN_VALUE,
    '',
    ' ',
    '-',
    '-0',
    '+1',
    '01',
    '-01',
    '00',
    '1e3',
    '1E3',
    '1.0',
    '1.5',
    ' 1',
    '1 ',
    '1\n',
    '1_000',
    '1,000',
    '0x10',
    'NaN',
    'Infinity',
    '１',
    '\u0661',
    '1n',
    null,
    undefined,
    true,
    [],
    [1],
    {},
    { valueOf: () => 1 },
    new Date(0),
  ])('refuses %p as INVALID_AMOUNT and names the field', (value) => {
    expect(parseAmount(value, 'stake')).toEqual(invalid);
  });

  it.each<unknown>([
    9_007_199_254_740_992,
    -9_007_199_254_740_992,
    9_007_199_254_740_994,
    1e21,
    1e300,
    Number.MAX_VALUE,
    9_007_199_254_740_992n,
    -9_007_199_254_740_992n,
    9_223_372_036_854_775_807n,
    '9007199254740992',
    '-9007199254740992',
    '9223372036854775807',
    '-9223372036854775808',
    '18446744073709551616',
    '1'.repeat(100_000),
  ])('refuses %p as AMOUNT_OUT_OF_RANGE', (value) => {
    expect(parseAmount(value, 'stake')).toEqual(outOfRange);
  });

  it('reads every amount of the platform from each of its forms', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -AMOUNT_MAX, max: AMOUNT_MAX }), (amount) => {
        expect(parseAmount(amount, 'stake')).toBe(amount);
        expect(parseAmount(amount.toString(), 'stake')).toBe(amount);
        expect(parseAmount(JSON.parse(amount.toString()), 'stake')).toBe(amount);
      }),
      propertyParameters(),
    );
  });

  it('refuses every text that is not the one text of its integer', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('0123456789+-.eExn_ ,')) }), (text) => {
        const amount = parseAmount(text, 'stake');
        if (typeof amount === 'bigint') expect(amount.toString()).toBe(text);
      }),
      propertyParameters(),
    );
  });
});

describe('parsePositiveAmount', () => {
  it.each<unknown>([1, '1', 1n])('reads %p', (value) => {
    expect(parsePositiveAmount(value, 'stake')).toBe(1n);
  });

  it.each<unknown>([0, '0', 0n, -1, '-1', -1n])('refuses %p', (value) => {
    expect(parsePositiveAmount(value, 'stake')).toEqual({
      ...invalid,
      message: 'stake must be greater than zero',
    });
  });

  it('keeps the reason of a text that is no amount at all', () => {
    expect(parsePositiveAmount('1.5', 'stake')).toEqual(invalid);
    expect(parsePositiveAmount('9007199254740992', 'stake')).toEqual(outOfRange);
  });
});

describe('isInRange', () => {
  it.each([
    [AMOUNT_MAX, true],
    [-AMOUNT_MAX, true],
    [AMOUNT_MAX + 1n, false],
    [-AMOUNT_MAX - 1n, false],
    [0n, true],
  ])('%p: %p', (amount, expected) => {
    expect(isInRange(amount)).toBe(expected);
  });
});
