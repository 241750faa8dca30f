import { describe, expect, it } from '@jest/globals';
import { openAccountBody } from '../accounts/accounts.dto.js';
import { depositBody } from '../movements/movement.dto.js';
import { entriesQuery, transactionsQuery } from '../history/history.dto.js';
import { parseAs } from './parse.js';

const nested = (levels: number): string => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);
const deposit = (text: string) => parseAs(depositBody, JSON.parse(text));

describe('a deposit', () => {
  it.each([
    ['{"amount":1}', 1n],
    ['{"amount":"1"}', 1n],
    ['{"amount":1.0}', 1n],
    ['{"amount":9007199254740991}', 9_007_199_254_740_991n],
    ['{"amount":"9007199254740991"}', 9_007_199_254_740_991n],
  ])('reads the amount of %s', (text, amount) => expect(deposit(text)).toMatchObject({ amount }));

  it.each([
    ['{}', 'INVALID_AMOUNT'],
    ['{"amount":null}', 'INVALID_AMOUNT'],
    ['{"amount":0}', 'INVALID_AMOUNT'],
    ['{"amount":-0}', 'INVALID_AMOUNT'],
    ['{"amount":-1}', 'INVALID_AMOUNT'],
    ['{"amount":1.5}', 'INVALID_AMOUNT'],
    ['{"amount":"1.5"}', 'INVALID_AMOUNT'],
    ['{"amount":"1e3"}', 'INVALID_AMOUNT'],
    ['{"amount":"+1"}', 'INVALID_AMOUNT'],
    ['{"amount":"01"}', 'INVALID_AMOUNT'],
    ['{"amount":" 1"}', 'INVALID_AMOUNT'],
    ['{"amount":"NaN"}', 'INVALID_AMOUNT'],
    ['{"amount":""}', 'INVALID_AMOUNT'],
    ['{"amount":[1]}', 'INVALID_AMOUNT'],
    ['{"amount":true}', 'INVALID_AMOUNT'],
    ['{"amount":1e400}', 'INVALID_AMOUNT'],
    ['{"amount":9007199254740992}', 'AMOUNT_OUT_OF_RANGE'],
    ['{"amount":9007199254740993}', 'AMOUNT_OUT_OF_RANGE'],
    ['{"amount":"9007199254740992"}', 'AMOUNT_OUT_OF_RANGE'],
    ['{"amount":"9223372036854775807"}', 'AMOUNT_OUT_OF_RANGE'],
    ['{"amount":"99999999999999999999999999"}', 'AMOUNT_OUT_OF_RANGE'],
  ])('refuses %s with %s and the field', (text, code) => {
    expect(deposit(text)).toMatchObject({ kind: 'refused', code, field: 'amount' });
  });

  it.each([
    ['{"amount":1,"raeson":"x"}', 'INVALID_REQUEST', 'raeson'],
    ['{"amount":1,"reason":7}', 'INVALID_REQUEST', 'reason'],
    ['{"amount":1,"reason":""}', 'INVALID_REQUEST', 'reason'],
    ['{"amount":1,"reason":"a\\u0000"}', 'INVALID_REQUEST', 'reason'],
    ['{"amount":1,"reason":"\\ud800"}', 'INVALID_REQUEST', 'reason'],
    ['{"amount":1,"source":"a\\nb"}', 'INVALID_REQUEST', 'source'],
    ['{"amount":1,"effectiveAt":"2026-02-30"}', 'INVALID_REQUEST', 'effectiveAt'],
    ['{"amount":1,"currency":"czk"}', 'INVALID_CURRENCY', 'currency'],
    ['{"amount":1,"metadata":[]}', 'INVALID_METADATA', 'metadata'],
    ['{"amount":1,"metadata":null}', 'INVALID_METADATA', 'metadata'],
    ['{"amount":1,"metadata":{"a":1e400}}', 'INVALID_METADATA', 'metadata'],
    ['{"amount":1,"metadata":{"a":[9007199254740993]}}', 'INVALID_METADATA', 'metadata'],
    ['{"amount":1,"metadata":{"a":"\\udc00"}}', 'INVALID_METADATA', 'metadata'],
    [`{"amount":1,"metadata":${nested(17)}}`, 'INVALID_METADATA', 'metadata'],
    [`{"amount":1,"metadata":{"a":"${'x'.repeat(16_384)}"}}`, 'INVALID_METADATA', 'metadata'],
    [`{"amount":1,"deep":${nested(10_000)}}`, 'INVALID_REQUEST', 'deep'],
  ])('refuses %.60s with %s at %s', (text, code, field) => {
    expect(deposit(text)).toMatchObject({ kind: 'refused', code, field });
  });

  it('passes metadata on as JSON text', () => {
    expect(deposit(`{"amount":1,"metadata":${nested(16)}}`)).toMatchObject({ metadata: nested(16) });
    expect(deposit('{"amount":1}')).not.toHaveProperty('metadata');
  });
});

describe('bodies', () => {
  it.each([null, 5, 'x', [], true])('refuse %p, which is no object', (body) => {
    expect(parseAs(openAccountBody, body)).toMatchObject({ kind: 'refused', code: 'INVALID_REQUEST' });
  });

  it('refuse limits over windows, which are not enforced yet', () => {
    expect(parseAs(openAccountBody, { limits: { dailyChangeLimit: 5 } })).toEqual({
      kind: 'refused',
      code: 'INVALID_REQUEST',
      message: 'limits.dailyChangeLimit: change-window limits are not available in this release',
      field: 'limits.dailyChangeLimit',
    });
  });

  it('name the unknown member of a nested object', () => {
    expect(parseAs(openAccountBody, { limits: { creditLimt: 1 } })).toMatchObject({
      field: 'limits.creditLimt',
    });
  });

  it('tell no limit from an absent one', () => {
    expect(parseAs(openAccountBody, { limits: { creditLimit: null } })).toEqual({
      limits: { creditLimit: null },
    });
    expect(parseAs(openAccountBody, { limits: {} })).toEqual({ limits: {} });
  });
});

describe('queries', () => {
  it('have a default limit', () => expect(parseAs(entriesQuery, {})).toEqual({ limit: 50 }));

  it.each([
    [{ limit: '0' }, 'INVALID_REQUEST', 'limit'],
    [{ limit: '501' }, 'INVALID_REQUEST', 'limit'],
    [{ limit: '-1' }, 'INVALID_REQUEST', 'limit'],
    [{ limit: '1e2' }, 'INVALID_REQUEST', 'limit'],
    [{ limit: ['1', '2'] }, 'INVALID_REQUEST', 'limit'],
    [{ cursor: '' }, 'INVALID_CURSOR', 'cursor'],
    [{ cursor: 'a b' }, 'INVALID_CURSOR', 'cursor'],
    [{ cursor: 'x'.repeat(1_025) }, 'INVALID_CURSOR', 'cursor'],
    [{ from: 'today' }, 'INVALID_REQUEST', 'from'],
    [{ type: 'GIFT' }, 'INVALID_REQUEST', 'type'],
    [{ cursor: 'abc', offset: '5' }, 'INVALID_REQUEST', 'offset'],
    [{ limmit: '5' }, 'INVALID_REQUEST', 'limmit'],
  ])('refuse %p with %s at %s', (query, code, field) => {
    expect(parseAs(transactionsQuery, query)).toMatchObject({ kind: 'refused', code, field });
  });
});
