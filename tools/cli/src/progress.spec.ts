import { describe as suite, expect, it } from '@jest/globals';
import { describe } from './progress.js';

suite('describing progress', () => {
  it('says count, rate and time left', () => {
    expect(describe({ items: 12_000, done: 500, total: 1_500 }, 'rows', 60_000)).toBe(
      '12,000 rows | 200 rows/s | 2 min 0 s left',
    );
  });

  it('says no time left where the total is unknown or nothing is done yet', () => {
    expect(describe({ items: 5, done: 0, total: undefined }, 'rows', 1_000)).toBe('5 rows | 5 rows/s');
    expect(describe({ items: 0, done: 0, total: 10 }, 'accounts', 1_000)).toBe('0 accounts | 0 accounts/s');
  });
});
