import { describe, expect, it } from '@jest/globals';
import {
  ACCOUNT_FACT_NUMBERS,
  factKind,
  factNumber,
  ignoresCeiling,
  isTransactionType,
  POT_FACT_NUMBERS,
  RESERVATION_FACT_NUMBERS,
  TRANSACTION_TYPE_NUMBERS,
  type FactKind,
} from './transaction-types.js';

const ALL_NUMBERS = {
  ...TRANSACTION_TYPE_NUMBERS,
  ...ACCOUNT_FACT_NUMBERS,
  ...RESERVATION_FACT_NUMBERS,
  ...POT_FACT_NUMBERS,
};

describe('fact kinds', () => {
  // Rows are stored under these numbers: add, never change.
  it('keep their numbers for ever', () => {
    expect(ALL_NUMBERS).toEqual({
      DEPOSIT: 1,
      WITHDRAW: 2,
      BUY_IN: 3,
      CASH_OUT: 4,
      BLIND: 5,
      BET: 6,
      POT_WIN: 7,
      RAKE: 8,
      BONUS: 9,
      REFERRAL: 10,
      REFUND: 11,
      TRANSFER: 12,
      WAGER: 13,
      SETTLEMENT: 14,
      ADJUSTMENT: 15,
      REVERSAL: 16,
      CONVERSION: 17,
      ACCOUNT_OPENED: 101,
      ACCOUNT_UPDATED: 102,
      ACCOUNT_STATUS_CHANGED: 103,
      ACCOUNT_RECONCILED: 104,
      RESERVATION_HELD: 111,
      RESERVATION_RELEASED: 112,
      RESERVATION_EXPIRED: 113,
      RESERVATION_EXTENDED: 114,
      POT_SETTLED: 121,
      POT_CANCELLED: 122,
    });
  });

  it('are found again by their numbers', () => {
    const kinds = Object.keys(ALL_NUMBERS) as FactKind[];
    for (const kind of kinds) expect(factKind(factNumber(kind))).toBe(kind);
    expect(new Set(kinds.map(factNumber)).size).toBe(kinds.length);
    expect(factKind(0)).toBeUndefined();
    expect(factKind(99)).toBeUndefined();
  });
});

describe('isTransactionType', () => {
  it.each(['DEPOSIT', 'CONVERSION'])('knows %s', (name) => {
    expect(isTransactionType(name)).toBe(true);
  });

  it.each([
    '',
    'deposit',
    'ACCOUNT_OPENED',
    'RESERVATION_HELD',
    'POT_SETTLED',
    'toString',
    '__proto__',
    'hasOwnProperty',
  ])('refuses %p', (name) => {
    expect(isTransactionType(name)).toBe(false);
  });
});

describe('ignoresCeiling', () => {
  it('is true for what was won, corrected or given back, and for nothing else', () => {
    const types = Object.keys(TRANSACTION_TYPE_NUMBERS).filter(isTransactionType);
    expect(types.filter(ignoresCeiling).sort()).toEqual([
      'ADJUSTMENT',
      'CASH_OUT',
      'POT_WIN',
      'REVERSAL',
      'SETTLEMENT',
    ]);
  });
});
