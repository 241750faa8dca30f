import { describe, expect, it } from '@jest/globals';
import {
  escrowPolicyOf,
  inflationOf,
  openedPotAccount,
  openedTable,
  tableMetadataJson,
  withEscrowPolicy,
} from './table-account.js';

const place = { bucket: 3, tableId: 't-1', currency: 'CZK' };

describe('the account of a table', () => {
  it('is empty, named by table and currency, and has the floor of its policy', () => {
    expect(openedTable(place, 'strict', 5)).toMatchObject({
      bucket: 3,
      accountId: '@table/t-1/CZK',
      currency: 'CZK',
      balance: 0n,
      creditLimit: 0n,
      createdAtMs: 5,
    });
    expect(openedTable(place, 'observe', 5).creditLimit).toBeNull();
  });

  it.each(['strict', 'observe'] as const)('says that it is %s', (policy) => {
    const other = policy === 'strict' ? 'observe' : 'strict';
    expect(escrowPolicyOf(openedTable(place, policy, 5))).toBe(policy);
    expect(escrowPolicyOf(withEscrowPolicy(openedTable(place, other, 5), policy))).toBe(policy);
  });

  it('remembers its inflation exactly, none at first', () => {
    const table = openedTable(place, 'observe', 5);
    expect(inflationOf(table)).toBe(0n);
    const metadataJson = tableMetadataJson(9_007_199_254_740_991n);
    expect(metadataJson).toBe('{"inflation":"9007199254740991"}');
    expect(inflationOf({ ...table, metadataJson })).toBe(9_007_199_254_740_991n);
  });
});

describe('the account of a pot', () => {
  it('is empty and never below zero', () => {
    expect(openedPotAccount({ ...place, handId: 'h-1' }, 5)).toMatchObject({
      accountId: '@pot/t-1/h-1/CZK',
      creditLimit: 0n,
      balance: 0n,
    });
  });
});
