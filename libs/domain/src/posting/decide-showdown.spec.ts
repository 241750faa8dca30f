import { beforeEach, describe, expect, it } from '@jest/globals';
import type { MemoryLedger } from '../../test/support/memory-ledger.js';
import {
  ledgerWithHand,
  paidBy,
  potOf,
  returnTo,
  settle,
  showdown,
} from '../../test/support/table-builders.js';
import type { SettlePot } from './table-commands.js';

let ledger: MemoryLedger;

beforeEach(() => {
  ledger = ledgerWithHand([
    [1, 60n],
    [2, 40n],
  ]);
});

describe('a showdown', () => {
  it('pays main and side pots to the best hands that can win them', () => {
    // Seat 1 is all in for 20; seat 2 folds after 100; seats 3 and 4 go to 300.
    const one = ledgerWithHand([
      [1, 20n],
      [2, 100n],
      [3, 300n],
      [4, 300n],
    ]);
    const command = showdown([
      [1, 1],
      [3, 2],
      [4, 2],
    ]);
    expect(paidBy(one, command)).toEqual([
      [1, 'player-1', 80n, 80n],
      [3, 'player-3', 320n, 320n],
      [4, 'player-4', 320n, 320n],
    ]);
    expect(one.balance('@pot/t-1/h-1/CHIPS')).toBe(0n);
  });

  it('takes the rake from every pot in proportion', () => {
    const one = ledgerWithHand([
      [1, 20n],
      [3, 100n],
      [4, 100n],
    ]);
    const pot = potOf(
      one.execute(
        showdown(
          [
            [1, 1],
            [3, 2],
            [4, 3],
          ],
          { rake: 22n },
        ),
      ),
    );
    expect(pot.payouts.map(({ accountId, amount }) => [accountId, amount])).toEqual([
      ['player-1', 54n],
      ['player-3', 144n],
    ]);
    expect(one.balance('@house/CHIPS')).toBe(22n);
  });

  it('counts what a seat has not got back', () => {
    ledger.execute(returnTo(1, 20n));
    expect(
      paidBy(
        ledger,
        showdown([
          [1, 2],
          [2, 1],
        ]),
      ),
    ).toEqual([[2, 'player-2', 80n, 80n]]);
  });

  it('is refused for a seat that another account plays', () => {
    const hands = [{ seatId: 1, accountId: 'eve', rank: 1 }];
    expect(ledger.execute(settle([], { payout: { kind: 'showdown', hands } })).outcome).toMatchObject({
      code: 'INVALID_REQUEST',
      message: 'seat 1 of this hand is not played by eve',
      field: 'hands.accountId',
    });
  });

  it.each<[string, SettlePot, string]>([
    ['without hands', showdown([]), 'hands'],
    ['of a seat that is not in the pot', showdown([[3, 1]]), 'hands.seatId'],
    [
      'of a seat twice',
      showdown([
        [1, 1],
        [1, 2],
      ]),
      'hands.seatId',
    ],
    ['of a rank that is none', showdown([[1, 0]]), 'hands.rank'],
  ])('is refused %s', (_, command, field) => {
    expect(ledger.execute(command).outcome).toMatchObject({ code: 'INVALID_REQUEST', field });
    expect(ledger.pot('t-1', 'h-1').status).toBe('ACTIVE');
  });
});
