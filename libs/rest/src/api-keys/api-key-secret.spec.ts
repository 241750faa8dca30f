import { describe, expect, it } from '@jest/globals';
import { generateKey, hashSecret, isSecret, parseCredentials } from './api-key-secret.js';

describe('API key secrets', () => {
  it('reads back what it generates', () => {
    const { keyId, secret } = generateKey();
    expect(parseCredentials(`${keyId}.${secret}`)).toEqual({ keyId, secret });
    expect(isSecret(secret, hashSecret(secret))).toBe(true);
  });

  it('has 256 bits of secret', () => {
    expect(Buffer.from(generateKey().secret, 'base64url')).toHaveLength(32);
  });

  it('tells another secret apart', () => {
    expect(isSecret(generateKey().secret, hashSecret(generateKey().secret))).toBe(false);
  });

  it.each([
    '',
    '.',
    'abc',
    'abc.def',
    `${'a'.repeat(12)}.${'b'.repeat(42)}`,
    `${'a'.repeat(12)}.${'b'.repeat(43)}.c`,
  ])('refuses the form of %p', (text) => expect(parseCredentials(text)).toBeUndefined());
});
