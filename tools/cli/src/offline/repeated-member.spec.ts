import { describe, expect, it } from '@jest/globals';
import { propertyParameters } from '@steelyard/testing/seed';
import fc from 'fast-check';
import { repeatedMember } from './repeated-member.js';

describe('repeatedMember', () => {
  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['[{"b":{"a":[],"c":{},"a":null}}]', 'a'],
    ['{"a":{"b":1},"c":[{"a":1}],"a":3}', 'a'],
    ['{"":1, "" : 2}', ''],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ])('finds the one in %s', (text, name) => {
    expect(repeatedMember(text)).toBe(name);
  });

  it.each([
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":2}]',
    '{"a":"a","b":"\\"b\\":"}',
    '"a"',
    '{"a":["a","a","a"]}',
  ])('finds none in %s', (text) => {
    expect(repeatedMember(text)).toBeUndefined();
  });

  it('finds none in whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(repeatedMember(JSON.stringify(value))).toBeUndefined();
        expect(repeatedMember(JSON.stringify({ a: value, b: [value] }, null, 2))).toBeUndefined();
      }),
      propertyParameters(),
    );
  });
});
