import { describe, expect, it } from '@jest/globals';
import { retryPauseMs } from './retry-pause.js';

describe('retryPauseMs', () => {
  it('doubles with each attempt up to five seconds', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 8, 1_000].map((attempt) => retryPauseMs(attempt, 1));
    expect(pauses).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
  });

  it('is between half and all of it', () => {
    expect(retryPauseMs(3, 0)).toBe(200);
    expect(retryPauseMs(3, 0.5)).toBe(300);
  });
});
