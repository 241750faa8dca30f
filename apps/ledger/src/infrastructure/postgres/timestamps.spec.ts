import { describe, expect, it } from '@jest/globals';
import { propertyParameters } from '@steelyard/testing/seed';
import fc from 'fast-check';
import { Timestamps } from './timestamps.js';

describe('Timestamps', () => {
  it.each([
    [0, '1970-01-01T00:00:00.000Z'],
    [1_795_000_007, '1970-01-21T18:36:40.007Z'],
    [1_795_232_639_099, '2026-11-21T03:43:59.099Z'],
    [-1, '1969-12-31T23:59:59.999Z'],
  ])('writes %d as %s', (atMs, text) => {
    expect(new Timestamps().textOf(atMs)).toBe(text);
  });

  it('writes what Date writes, whatever was asked before', () => {
    const instants = fc.array(
      fc.oneof(fc.date({ noInvalidDate: true }), fc.date({ max: new Date(99_999), noInvalidDate: true })),
    );
    fc.assert(
      fc.property(instants, (dates) => {
        const timestamps = new Timestamps();
        for (const date of dates) expect(timestamps.textOf(date.getTime())).toBe(date.toISOString());
      }),
      propertyParameters(),
    );
  });

  it('refuses what no date can show', () => {
    expect(() => new Timestamps().textOf(8_640_000_000_060_000)).toThrow(RangeError);
  });
});
