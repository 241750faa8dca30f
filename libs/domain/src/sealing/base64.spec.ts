import { describe, expect, it } from '@jest/globals';
import { propertyParameters } from '@steelyard/testing/seed';
import fc from 'fast-check';
import { fromBase64, toBase64 } from './base64.js';

describe('base64', () => {
  it('is that of RFC 4648 and can be read back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        const text = toBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64'));
        expect(fromBase64(text)).toEqual(bytes);
      }),
      propertyParameters(),
    );
  });

  // Zg== is "f"; Zh== would be read as the same byte by lenient readers.
  it.each(['Zg', 'Zg=', 'Zh==', 'Zg===', 'Z', 'Zg==\n', 'Z_==', 'Zg==Zg==', '=', ' Zg=='])(
    'does not read %j',
    (text) => {
      expect(fromBase64(text)).toBeUndefined();
    },
  );
});
