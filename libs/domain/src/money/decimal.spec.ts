import { describe, expect, it } from '@jest/globals';
import { propertyParameters } from '@steelyard/testing/seed';
import fc from 'fast-check';
import { AMOUNT_MAX } from './amount.js';
import { SCALE_MAX } from './currency.js';
import { formatDecimal, parseDecimal } from './decimal.js';

describe('parseDecimal', () => {
  it.each([
    ['12.5', 2, 1250n],
    ['12.50', 2, 1250n],
    ['12.500', 2, 1250n],
    ['12', 2, 1200n],
    ['-0.01', 2, -1n],
    ['0', 0, 0n],
    ['-0', 2, 0n],
    ['7', 0, 7n],
    ['7.000', 0, 7n],
    ['0.000000000000000001', 18, 1n],
    ['0.009007199254740991', 18, 9_007_199_254_740_991n],
    ['90071992547409.91', 2, 9_007_199_254_740_991n],
    ['-90071992547409.91', 2, -9_007_199_254_740_991n],
    ['0012.50', 2, 1250n],
  ])('reads %p at scale %i as %p', (text, scale, expected) => {
    expect(parseDecimal(text, scale, 'amount')).toBe(expected);
  });

  it.each([
    '',
    '.',
    '.5',
    '5.',
    '+1',
    '1e3',
    '1,5',
    ' 1',
    '1 ',
    '--1',
    'NaN',
    '1.2.3',
    '0x1',
    '1'.repeat(17),
  ])('refuses the form %p', (text) => {
    expect(parseDecimal(text, 2, 'amount')).toEqual({
      kind: 'refusal',
      code: 'INVALID_AMOUNT',
      message: 'amount must be a decimal such as 12.50',
      field: 'amount',
    });
  });

  it.each([
    ['1.001', 2],
    ['0.5', 0],
    ['0.0000000000000001', 15],
  ])('refuses %p at scale %i instead of rounding', (text, scale) => {
    expect(parseDecimal(text, scale, 'amount')).toMatchObject({
      code: 'INVALID_AMOUNT',
      message: `amount has more than ${scale} decimals`,
    });
  });

  it.each([
    ['90071992547409.92', 2],
    ['-90071992547409.92', 2],
    ['9007199254740992', 0],
    ['1', 18],
  ])('refuses %p at scale %i as out of range', (text, scale) => {
    expect(parseDecimal(text, scale, 'amount')).toMatchObject({
      code: 'AMOUNT_OUT_OF_RANGE',
      field: 'amount',
    });
  });
});

describe('formatDecimal', () => {
  it.each([
    [1250n, 2, '12.50'],
    [-1n, 2, '-0.01'],
    [0n, 2, '0.00'],
    [0n, 0, '0'],
    [-7n, 0, '-7'],
    [1n, 18, '0.000000000000000001'],
    [AMOUNT_MAX, 0, '9007199254740991'],
    [-AMOUNT_MAX, 18, '-0.009007199254740991'],
  ])('writes %p at scale %i as %p', (minor, scale, expected) => {
    expect(formatDecimal(minor, scale)).toBe(expected);
  });

  it('is read back to the same amount at every scale', () => {
    const amounts = fc.bigInt({ min: -AMOUNT_MAX, max: AMOUNT_MAX });
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: SCALE_MAX }), (minor, scale) => {
        expect(parseDecimal(formatDecimal(minor, scale), scale, 'amount')).toBe(minor);
      }),
      propertyParameters(),
    );
  });
});
