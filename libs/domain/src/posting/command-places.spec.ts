import { describe, expect, it } from '@jest/globals';
import { deposit } from '../../test/support/command-builders.js';
import {
  commit,
  expireReservations,
  extend,
  release,
  reserve,
  reserveBuyIn,
  reserveFor,
} from '../../test/support/reservation-builders.js';
import {
  cancel,
  cashOut,
  contribute,
  returnTo,
  setPolicy,
  settle,
  showdown,
} from '../../test/support/table-builders.js';
import { bucketOf } from '../accounts/index.js';
import type { ReservationTerms } from '../reservations/index.js';
import { placesOf } from './command-places.js';
import type { Command } from './commands.js';

const BUCKETS = 64;
const terms: ReservationTerms = {
  bucket: bucketOf('alice', BUCKETS),
  sequence: 9n,
  reservationId: 'r-1',
  accountId: 'alice',
  currency: 'CHIPS',
  amount: 5n,
  target: { kind: 'world' },
};

describe('where a command writes', () => {
  it.each<[string, Command, string, string[]]>([
    ['a reservation', reserve('alice', 1n), 'alice', []],
    ['a reservation for an account', reserveFor(['alice', 'bob'], 1n), 'alice', ['bob']],
    // Nothing of the table is needed before the commit.
    ['a reservation for a table', reserveBuyIn(['alice', 't-1'], 1n), 'alice', []],
    ['a commit', commit(terms), 'alice', []],
    [
      'a commit for an account',
      commit({ ...terms, target: { kind: 'account', accountId: 'bob' } }),
      'alice',
      ['bob'],
    ],
    ['a buy-in', commit({ ...terms, target: { kind: 'table', tableId: 't-1' } }), 'alice', ['t-1']],
    ['a release', release(terms), 'alice', []],
    ['an extension', extend(terms, 1), 'alice', []],
    ['a search for what is due', expireReservations('alice'), 'alice', []],
    ['a cash-out', cashOut('alice', 1n), '@table/t-1', ['alice']],
    ['a contribution', contribute(1, 1n), '@table/t-1', []],
    ['a return', returnTo(1, 1n), '@table/t-1', []],
    ['a policy', setPolicy('strict'), '@table/t-1', []],
    [
      'a settlement',
      settle([
        [1, 1n],
        [2, 1n, 'bob'],
      ]),
      '@pot/t-1/h-1',
      ['player-1', 'bob'],
    ],
    [
      'a showdown',
      showdown([
        [1, 1],
        [2, 1],
      ]),
      '@pot/t-1/h-1',
      ['player-1', 'player-2'],
    ],
    ['a cancellation', cancel(), '@pot/t-1/h-1', []],
  ])('%s', (_, command, keyOwner, others) => {
    const home = bucketOf(keyOwner, BUCKETS);
    expect(placesOf(command, BUCKETS)).toEqual({
      keyOwner,
      homeBucket: home,
      buckets: [...new Set([home, ...others.map((id) => bucketOf(id, BUCKETS))])],
    });
  });

  it('keeps all of a hand in the bucket of its table', () => {
    const table = bucketOf('t-1', BUCKETS);
    const commands = [contribute(1, 1n), returnTo(1, 1n), cancel(), setPolicy('strict')];
    expect(commands.map((command) => placesOf(command, BUCKETS).buckets)).toEqual([
      [table],
      [table],
      [table],
      [table],
    ]);
    expect(placesOf(settle([]), BUCKETS)).toMatchObject({ homeBucket: table, buckets: [table] });
  });

  it('names a bucket once', () => {
    const twice = settle([
      [1, 1n, 'bob'],
      [2, 1n, 'bob'],
      [3, 1n, 't-1'],
    ]);
    expect(placesOf(twice, BUCKETS).buckets).toEqual([bucketOf('t-1', BUCKETS), bucketOf('bob', BUCKETS)]);
    expect(placesOf(deposit('alice', 1n), 1).buckets).toEqual([0]);
  });
});
