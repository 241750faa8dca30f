import { describe, expect, it } from '@jest/globals';
import { parseEffectiveTime } from './effective-time.js';

describe('parseEffectiveTime', () => {
  it.each([
    ['1993-01-31', '1993-01-31T00:00:00.000Z'],
    ['1993-01-31T10:20:30Z', '1993-01-31T10:20:30.000Z'],
    ['1993-01-31 10:20:30', '1993-01-31T10:20:30.000Z'],
    ['1993-01-31T10:20:30.123+0200', '1993-01-31T08:20:30.123Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ])('reads %s', (text, time) => {
    expect(parseEffectiveTime(text)).toBe(time);
  });

  it.each(['1993-02-29', '1993-13-01', '930131', '31.01.1993', '1993-01-31T25:00:00Z', 'today', ''])(
    'refuses %s',
    (text) => {
      expect(parseEffectiveTime(text)).toBeUndefined();
    },
  );
});
