import { describe, expect, it } from '@jest/globals';
import { propertyParameters } from '@steelyard/testing/seed';
import fc from 'fast-check';
import { decodeLine, encodeLine } from './journal-line.js';

const read = (line: string): unknown => decodeLine(line.slice(0, -1));

describe('a line of the journal', () => {
  it('keeps amounts, times and metadata as they were', () => {
    const value = {
      amount: 9_007_199_254_740_993n,
      effectiveAt: new Date(5),
      metadata: { $amount: 'mine', $time: 1, $json: { a: [1.5, null] } },
      winners: [{ amount: -1n }],
    };
    expect(read(encodeLine(value))).toEqual(value);
  });

  it('leaves absent members absent', () => {
    expect(read(encodeLine({ a: undefined, metadata: undefined, b: 1 }))).toEqual({ b: 1 });
  });

  it('is recognised as damaged when any byte is missing or changed', () => {
    const line = encodeLine({ amount: 12n, name: 'é' }).slice(0, -1);
    for (let at = 0; at < line.length; at++) {
      expect(decodeLine(line.slice(0, at))).toBeUndefined();
      expect(decodeLine(line.slice(0, at) + '~' + line.slice(at + 1))).toBeUndefined();
    }
  });

  it('keeps whatever metadata there are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (metadata) => {
        const asJson: unknown = JSON.parse(JSON.stringify(metadata));
        expect(read(encodeLine({ metadata }))).toEqual({ metadata: asJson });
      }),
      propertyParameters(),
    );
  });
});
