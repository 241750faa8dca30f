import { describe, expect, it } from '@jest/globals';
import { CURRENCY_CODE_PATTERN, CurrencyTable } from './currency.js';

describe('CurrencyTable', () => {
  it.each([
    ['CHIPS', 0],
    ['USD', 2],
    ['CZK', 2],
    ['JPY', 0],
    ['KWD', 3],
  ])('knows %s with %i decimals', (code, scale) => {
    expect(new CurrencyTable().find(code)).toEqual({ code, scale });
  });

  it("adds a deployment's own currencies, and replaces an ISO one", () => {
    const table = new CurrencyTable([
      { code: 'WEI', scale: 18 },
      { code: 'JPY', scale: 4 },
    ]);
    expect(table.find('WEI')).toEqual({ code: 'WEI', scale: 18 });
    expect(table.find('JPY')).toEqual({ code: 'JPY', scale: 4 });
  });

  it.each(['', 'usd', 'XXX', 'USD ', '__proto__', 'constructor'])('refuses %p', (code) => {
    expect(new CurrencyTable().find(code, 'to')).toEqual({
      kind: 'refusal',
      code: 'INVALID_CURRENCY',
      message: 'to is not a currency of this deployment',
      field: 'to',
    });
  });
});

describe('CURRENCY_CODE_PATTERN', () => {
  it.each(['USD', 'CHIPS', 'GOLD_2', 'A1', 'ABCDEFGHIJKLMNOP'])('admits %s', (code) => {
    expect(code).toMatch(CURRENCY_CODE_PATTERN);
  });

  it.each(['A', 'usd', '1USD', '_USD', 'US D', 'US/D', 'ABCDEFGHIJKLMNOPQ', 'ÄB'])('refuses %s', (code) => {
    expect(code).not.toMatch(CURRENCY_CODE_PATTERN);
  });
});
