import { CurrencyTable } from '@steelyard/domain/money';
import { describe, expect, it } from '@jest/globals';
import type { ColumnOptions } from './import-options.js';
import { isMalformed } from './import-row.js';
import { RowMapper } from './row-mapper.js';

const COLUMNS: ColumnOptions = {
  account: 'account_id',
  amount: 'amount',
  direction: 'direction',
  currencyCode: 'CZK',
  reference: 'id',
  effective: 'booked_on',
  expectBalance: 'balance',
  metadata: ['operation'],
  minor: false,
};
const FIELDS = {
  account_id: '2378',
  amount: '700.05',
  direction: 'credit',
  id: '695247',
  booked_on: '1993-01-01',
  balance: '1700.05',
  operation: 'cash_deposit',
};

function map(fields: Readonly<Record<string, string>>, columns: Partial<ColumnOptions> = {}) {
  const mapper = new RowMapper({ ...COLUMNS, ...columns }, new CurrencyTable());
  return mapper.map({ line: 7, fields: new Map(Object.entries({ ...FIELDS, ...fields })) });
}

function itemOf(fields: Readonly<Record<string, string>>, columns: Partial<ColumnOptions> = {}): unknown {
  const row = map(fields, columns);
  if (isMalformed(row)) throw new Error(row.reason);
  return JSON.parse(row.itemJson);
}

function reasonOf(fields: Readonly<Record<string, string>>, columns: Partial<ColumnOptions> = {}): string {
  const row = map(fields, columns);
  return isMalformed(row) ? row.reason : 'not malformed';
}

describe('mapping a row', () => {
  it('makes a credit a deposit with everything that the columns name', () => {
    expect(itemOf({})).toEqual({
      idempotencyKey: '695247',
      type: 'DEPOSIT',
      amount: '70005',
      accountId: '2378',
      effectiveAt: '1993-01-01T00:00:00.000Z',
      metadata: { operation: 'cash_deposit' },
    });
  });

  it('makes a debit a withdrawal of a positive amount', () => {
    expect(itemOf({ direction: 'debit' })).toMatchObject({ type: 'WITHDRAW', amount: '70005' });
  });

  it.each(['C', 'in', '+', ' Credit '])('reads the direction %s as a credit', (direction) => {
    expect(itemOf({ direction })).toMatchObject({ type: 'DEPOSIT' });
  });

  it.each(['D', 'OUT', '-'])('reads the direction %s as a debit', (direction) => {
    expect(itemOf({ direction })).toMatchObject({ type: 'WITHDRAW' });
  });

  it.each([
    ['-12.5', 'WITHDRAW', '1250'],
    ['12.5', 'DEPOSIT', '1250'],
    ['+12.5', 'DEPOSIT', '1250'],
  ])('takes the sign of %s where there is no direction', (amount, type, minor) => {
    expect(itemOf({ amount }, { direction: undefined })).toMatchObject({ type, amount: minor });
  });

  it('keeps every digit of the largest amount', () => {
    expect(itemOf({ amount: '90071992547409.91' })).toMatchObject({ amount: '9007199254740991' });
  });

  it('takes the scale of the currency column', () => {
    const columns = { currencyCode: undefined, currencyColumn: 'currency', expectBalance: undefined };
    expect(itemOf({ currency: 'jpy', amount: '12' }, columns)).toMatchObject({ amount: '12' });
    expect(itemOf({ currency: 'KWD', amount: '12' }, columns)).toMatchObject({ amount: '12000' });
  });

  it('takes minor units as they are', () => {
    expect(itemOf({ amount: '70005', balance: '1' }, { minor: true })).toMatchObject({ amount: '70005' });
  });

  it('makes the key of the line where there is no reference', () => {
    const columns = { reference: undefined, keyFromLine: 'january.csv' };
    expect(itemOf({}, columns)).toMatchObject({ idempotencyKey: 'january.csv:7' });
  });

  it('sends a type that carries its sign in the amount with that sign', () => {
    const columns = { type: 'kind', direction: undefined };
    expect(itemOf({ kind: 'wager', amount: '-3' }, columns)).toMatchObject({ type: 'WAGER', amount: '-300' });
  });

  it('expects no balance where the column is empty', () => {
    expect(map({ balance: '' })).not.toHaveProperty('expectedBalanceMinor');
    expect(map({ balance: '-0.01' })).toHaveProperty('expectedBalanceMinor', -1n);
  });
});

describe('a malformed row', () => {
  it.each([
    [{ amount: '12.345' }, 'amount has more than 2 decimals'],
    [{ amount: '1e3' }, 'amount must be a decimal such as 12.50'],
    [{ amount: '1,000.00' }, 'amount must be a decimal such as 12.50'],
    [{ amount: '' }, 'amount is empty'],
    [{ amount: '0.00' }, 'amount is zero: there is nothing to post'],
    [{ amount: '-5' }, 'amount must not be negative beside direction'],
    [{ amount: '+-5' }, 'amount must be a decimal such as 12.50'],
    [{ amount: '90071992547409.92' }, 'amount is too large'],
    [{ direction: 'sideways' }, 'direction must be credit or debit, not "sideways"'],
    [{ direction: '' }, 'direction is empty'],
    [{ id: '' }, 'id is empty'],
    [{ id: 'x'.repeat(256) }, 'id is longer than 255 characters'],
    [{ booked_on: '1993-02-30' }, 'booked_on must be a date or an ISO 8601 time, not "1993-02-30"'],
    [{ booked_on: '1.2.1993' }, 'booked_on must be a date or an ISO 8601 time, not "1.2.1993"'],
    [{ balance: 'unknown' }, 'balance must be a decimal such as 12.50'],
  ])('%j: %s', (fields, reason) => {
    expect(reasonOf(fields)).toBe(reason);
  });

  it('names the column of a malformed account id', () => {
    expect(reasonOf({ account_id: '@world/CZK' })).toContain('account_id must be');
  });

  it('refuses a type against the sign and an unknown one', () => {
    expect(reasonOf({ kind: 'WITHDRAW' }, { type: 'kind' })).toBe(
      'WITHDRAW is a debit, but the amount is a credit',
    );
    expect(reasonOf({ kind: 'GIFT' }, { type: 'kind' })).toContain('GIFT is none of DEPOSIT');
  });

  it('asks for the scale of an unknown currency', () => {
    const columns = { currencyCode: undefined, currencyColumn: 'currency' };
    expect(reasonOf({ currency: 'GOLD' }, columns)).toBe(
      '"GOLD" is not a known currency: give its decimals with --scale',
    );
  });
});
