import { describe, expect, it } from '@jest/globals';
import { derivedKey } from './derived-key.js';
import { idempotencyKey, type KeyParts } from './idempotency-key.js';

describe('idempotencyKey.of', () => {
  it('is {operation}:{tableId}:{userId}:{timestamp}', () => {
    expect(idempotencyKey.of('buyin', 'table-7', 'alice', 1_700_000_000_000)).toBe(
      'buyin:table-7:alice:1700000000000',
    );
  });

  it('takes a date as milliseconds, and any other text as it is', () => {
    expect(idempotencyKey.of('buyin', 't', 'u', new Date(5))).toBe('buyin:t:u:5');
    expect(idempotencyKey.of('buyin', 't', 'u', '2026-01-01T00:00:00Z')).toBe(
      'buyin:t:u:2026-01-01T00:00:00Z',
    );
  });

  it('gives different operations different keys, also when ids have colons', () => {
    expect(idempotencyKey.of('buyin', 'a:b', 'c', 1)).not.toBe(idempotencyKey.of('buyin', 'a', 'b:c', 1));
    expect(idempotencyKey.of('buyin', 'a%3Ab', 'c', 1)).not.toBe(idempotencyKey.of('buyin', 'a:b', 'c', 1));
  });

  it.each<KeyParts>([
    ['', 't', 'u', 1],
    ['o', '', 'u', 1],
    ['o', 't', '', 1],
    ['o', 't', 'u', ''],
    ['o', 't', 'u', Number.NaN],
    ['o', 't', 'ü', 1],
    ['o', 't', 'u'.repeat(256), 1],
  ])('refuses %p %p %p %p', (...parts: KeyParts) => {
    expect(() => idempotencyKey.of(...parts)).toThrow(RangeError);
  });

  it('makes keys that nobody has used', () => {
    expect(idempotencyKey.random()).not.toBe(idempotencyKey.random());
  });
});

describe('derivedKey', () => {
  it('names the step', () => expect(derivedKey('k', 'commit')).toBe('k#commit'));

  it('stays within the length of a key, and different for different keys', () => {
    const [one, other] = [derivedKey('a'.repeat(255), 'commit'), derivedKey('b'.repeat(255), 'commit')];
    expect(one.length).toBeLessThanOrEqual(255);
    expect(one).not.toBe(other);
  });
});
