import { describe, expect, it } from '@jest/globals';
import {
  fxAccountId,
  houseAccountId,
  isSharedAccountId,
  isSystemAccountId,
  parseAccountId,
  parseName,
  potAccountId,
  tableAccountId,
  tableIdOf,
  worldAccountId,
} from './account-id.js';

describe('parseAccountId', () => {
  it.each(['a', '1', 'player-42', 'user@example.com', 'A.b_c:d@e+f-g', '-', '.', 'x'.repeat(128)])(
    'accepts %p',
    (id) => {
      expect(parseAccountId(id)).toBe(id);
    },
  );

  it.each<unknown>([
    '',
    '@world/CHIPS',
    '@a',
    'x'.repeat(129),
    'a b',
    'a/b',
    'a\n',
    '\na',
    'a"b',
    'a\\b',
    'a\0',
    'ä',
    'ａ',
    'a\u0301',
    'a,b',
    1,
    null,
    undefined,
    ['a'],
    {},
  ])('refuses %p', (id) => {
    expect(parseAccountId(id, 'from')).toEqual({
      kind: 'refusal',
      code: 'INVALID_ACCOUNT_ID',
      message: 'from must be 1-128 letters, digits or ._:@+- and must not begin with @',
      field: 'from',
    });
  });
});

describe('parseName', () => {
  it.each(['t-1', 'a'.repeat(128), 'table:5@club', '-'])('accepts %p', (name) => {
    expect(parseName(name, 'tableId')).toBe(name);
  });

  it.each<unknown>(['', '@t', 'a/b', 'a b', 'a'.repeat(129), 7, null, undefined, { tableId: 't' }])(
    'refuses %p',
    (name) => {
      expect(parseName(name, 'handId')).toEqual({
        kind: 'refusal',
        code: 'INVALID_REQUEST',
        message: 'handId must be 1-128 letters, digits or ._:@+- and must not begin with @',
        field: 'handId',
      });
    },
  );
});

describe('accounts of tables', () => {
  it('are named by table, hand and currency', () => {
    expect(tableAccountId('t-1', 'CHIPS')).toBe('@table/t-1/CHIPS');
    expect(potAccountId({ tableId: 't-1', handId: 'h@9' }, 'USD')).toBe('@pot/t-1/h@9/USD');
  });

  it.each([
    ['@table/t-1/CHIPS', 't-1'],
    ['@pot/t-1/h@9/USD', 't-1'],
    ['@table/t-1', 't-1'],
    ['@pot/t@1/h', 't@1'],
    ['@world/CHIPS', undefined],
    ['@tables/t-1/CHIPS', undefined],
    ['table/t-1/CHIPS', undefined],
    ['alice', undefined],
  ])('%s belongs to the table %s', (accountId, tableId) => {
    expect(tableIdOf(accountId)).toBe(tableId);
  });

  it('are not shared: each is in one bucket', () => {
    expect(isSharedAccountId('@table/t-1/CHIPS')).toBe(false);
    expect(isSharedAccountId('@pot/t-1/h/CHIPS')).toBe(false);
    expect(isSharedAccountId('@world/CHIPS')).toBe(true);
    expect(isSharedAccountId('@house/CHIPS')).toBe(true);
    expect(isSharedAccountId('@fx/CHIPS')).toBe(true);
    expect(isSharedAccountId('alice')).toBe(false);
  });
});

describe('system accounts', () => {
  it('are named by their purpose and currency', () => {
    expect(worldAccountId('CHIPS')).toBe('@world/CHIPS');
    expect(houseAccountId('CZK')).toBe('@house/CZK');
    expect(fxAccountId('USD')).toBe('@fx/USD');
  });

  it('begin with @, which no client may choose', () => {
    expect(isSystemAccountId('@world/CHIPS')).toBe(true);
    expect(isSystemAccountId('user@example.com')).toBe(false);
  });
});
