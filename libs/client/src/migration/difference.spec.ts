import { describe, expect, it } from '@jest/globals';
import { compareValues } from './difference.js';

describe('compareValues', () => {
  it.each([
    ['equal amounts', { balanceAfter: 5n }, { balanceAfter: 5n }, []],
    [
      'ids and times, which differ by nature',
      { transactionId: 'a', at: new Date(1) },
      { transactionId: 'b' },
      [],
    ],
    ['versions and metadata', { version: 1n, metadata: { a: 1n } }, { version: 2n, metadata: {} }, []],
    ['another status', { status: 'HELD' }, { status: 'EXPIRED' }, ['status']],
    ['an amount that is missing', { held: 1n }, {}, ['held']],
    ['an amount deep inside', { to: { amount: 1n } }, { to: { amount: 2n } }, ['to.amount']],
    ['a list', { payouts: [{ amount: 1n }] }, { payouts: [{ amount: 2n }] }, ['payouts.0.amount']],
    ['a shorter list', { payouts: [{}] }, { payouts: [] }, ['payouts']],
  ])('of %s', (_what, legacy, steelyard, members) => {
    expect(compareValues(legacy, steelyard).map(({ member }) => member)).toEqual(members);
  });
});
