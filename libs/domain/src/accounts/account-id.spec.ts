import { describe, expect, it } from '@jest/globals';
import {
  fxAccountId,
  houseAccountId,
  isSystemAccountId,
  parseAccountId,
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
