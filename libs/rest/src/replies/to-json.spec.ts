import { describe, expect, it } from '@jest/globals';
import { RawJson, toJson } from './to-json.js';

describe('toJson', () => {
  it('writes members in their order and leaves undefined ones out', () => {
    expect(toJson({ b: 1n, a: 'x', none: undefined, n: null, t: true, list: [1, { c: 2n }] })).toBe(
      '{"b":1,"a":"x","n":null,"t":true,"list":[1,{"c":2}]}',
    );
  });

  it.each([
    [9_007_199_254_740_991n, '9007199254740991'],
    [-9_007_199_254_740_991n, '-9007199254740991'],
    [9_007_199_254_740_992n, '"9007199254740992"'],
    [-9_007_199_254_740_993n, '"-9007199254740993"'],
    [0n, '0'],
  ])('writes %p as %s', (value, text) => expect(toJson(value)).toBe(text));

  it('passes raw text on character by character', () => {
    expect(toJson({ metadata: new RawJson('{"10":1,"9":2}') })).toBe('{"metadata":{"10":1,"9":2}}');
  });

  it('escapes names and texts', () => {
    expect(JSON.parse(toJson({ 'a"b\n': 'c"d\u2028' }))).toEqual({ 'a"b\n': 'c"d\u2028' });
  });

  it('writes an object without members', () => expect(toJson({ a: {}, b: [] })).toBe('{"a":{},"b":[]}'));
});
