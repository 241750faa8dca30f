import { abortHand, act, settleHand, startHand } from '../src/game/index.js';
import { granted, HAND, moveOf, play, stacksOf, summary, tableWith } from './support/tables.js';

describe('what a bet may be', () => {
  const facingRaise = () => play(tableWith(1000n, 1000n, 1000n), [1, 'raise', 30n]).table;

  it.each([
    ['out of turn', [3, 'call'], 'NOT_YOUR_TURN'],
    ['an empty seat', [7, 'call'], 'NOT_YOUR_TURN'],
    ['check behind a bet', [2, 'check'], 'ACTION_NOT_POSSIBLE'],
    ['a bet behind a bet', [2, 'bet', 100n], 'ACTION_NOT_POSSIBLE'],
    ['a raise below the last raise', [2, 'raise', 49n], 'AMOUNT_NOT_POSSIBLE'],
    ['a raise to less than the bet', [2, 'raise', 20n], 'AMOUNT_NOT_POSSIBLE'],
    ['more than the stack', [2, 'raise', 1001n], 'AMOUNT_NOT_POSSIBLE'],
  ] as const)('is not %s', (_what, move, code) => {
    expect(act(facingRaise(), HAND, moveOf(move))).toMatchObject({ ok: false, code });
  });

  it('is a raise by as much as the last one', () => {
    expect(act(facingRaise(), HAND, moveOf([2, 'raise', 50n]))).toMatchObject({ ok: true });
  });

  it('is none when there is nothing to call', () => {
    const flop = play(tableWith(1000n, 1000n), [1, 'call'], [2, 'check']).table;
    expect(act(flop, HAND, moveOf([2, 'call']))).toMatchObject({ ok: false, code: 'ACTION_NOT_POSSIBLE' });
    expect(act(flop, HAND, moveOf([2, 'raise', 20n]))).toMatchObject({
      ok: false,
      code: 'ACTION_NOT_POSSIBLE',
    });
    expect(act(flop, HAND, moveOf([2, 'bet', 9n]))).toMatchObject({ ok: false, code: 'AMOUNT_NOT_POSSIBLE' });
  });

  it('is not of another hand', () => {
    expect(act(facingRaise(), 'hand-0', moveOf([2, 'call']))).toMatchObject({ ok: false, code: 'NO_HAND' });
  });

  it('cannot be raised again by those who acted before a short all-in', () => {
    const shortAllIn = play(
      tableWith(1000n, 1000n, 45n),
      [1, 'raise', 30n],
      [2, 'call'],
      [3, 'all-in'],
    ).table;
    expect(act(shortAllIn, HAND, moveOf([1, 'raise', 200n]))).toMatchObject({
      ok: false,
      code: 'ACTION_NOT_POSSIBLE',
    });
    expect(act(shortAllIn, HAND, moveOf([1, 'all-in']))).toMatchObject({ ok: false });
    expect(act(shortAllIn, HAND, moveOf([1, 'call']))).toMatchObject({ ok: true });
  });
});

describe('a hand', () => {
  it('goes from the blinds to the showdown, each round beginning left of the button', () => {
    const { table, movements } = play(
      tableWith(1000n, 1000n, 1000n),
      [1, 'call'],
      [2, 'call'],
      [3, 'check'],
      [2, 'check'],
      [3, 'bet', 40n],
      [1, 'raise', 100n],
      [2, 'fold'],
      [3, 'call'],
      [3, 'check'],
      [1, 'check'],
      [3, 'check'],
      [1, 'check'],
    );
    expect(summary(movements)).toEqual([
      '2 BLIND 5',
      '3 BLIND 10',
      '1 CALL 10',
      '2 CALL 5',
      '3 BET 40',
      '1 RAISE 100',
      '3 CALL 60',
    ]);
    expect(movements.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(table.hand).toMatchObject({ street: 'showdown', turnSeatId: undefined });
    expect(stacksOf(table)).toEqual([890n, 990n, 890n]);
  });

  it('between two players has the small blind on the button, who acts first before the flop and last after it', () => {
    const flop = play(tableWith(100n, 100n), [1, 'call'], [2, 'check']);
    expect(summary(flop.movements)).toEqual(['1 BLIND 5', '2 BLIND 10', '1 CALL 5']);
    expect(flop.table.hand).toMatchObject({ street: 'flop', turnSeatId: 2 });
  });

  it('gives the big blind the last word', () => {
    const { table } = play(tableWith(100n, 100n, 100n), [1, 'call'], [2, 'call']);
    expect(table.hand).toMatchObject({ street: 'preflop', turnSeatId: 3 });
    expect(act(table, HAND, moveOf([3, 'raise', 20n]))).toMatchObject({ ok: true });
  });

  it('is over when all but one folded: the uncalled part comes back, the pot goes to the account', () => {
    const { table, movements } = play(tableWith(100n, 100n), [1, 'raise', 60n], [2, 'fold']);
    expect(summary(movements).slice(3)).toEqual(['1 return 50', 'settle 1:20']);
    expect(table.hand).toBeUndefined();
    // 80 stay in play: the 20 of the pot are on the account of the winner, not in the stack.
    expect(stacksOf(table)).toEqual([90n, 90n]);
  });

  it('returns what an all-in player could not call, and is shown at once', () => {
    const { table, movements } = play(tableWith(100n, 40n), [1, 'all-in'], [2, 'call']);
    expect(summary(movements)).toEqual(['1 BLIND 5', '2 BLIND 10', '1 RAISE 95', '2 CALL 30', '1 return 60']);
    expect(table.hand).toMatchObject({ street: 'showdown' });
    expect(stacksOf(table)).toEqual([60n, 0n]);
  });

  it('is shown at once when the blinds put somebody all-in', () => {
    const { table, movements } = play(tableWith(100n, 3n));
    expect(summary(movements)).toEqual(['1 BLIND 5', '2 BLIND 3', '1 return 2']);
    expect(table.hand).toMatchObject({ street: 'showdown' });
  });

  it('asks nobody who has matched opponents that are all-in', () => {
    const { table, movements } = play(tableWith(100n, 5n));
    expect(summary(movements)).toEqual(['1 BLIND 5', '2 BLIND 5']);
    expect(table.hand).toMatchObject({ street: 'showdown', turnSeatId: undefined });
  });

  it('goes on between two when a third is all-in', () => {
    const { table } = play(tableWith(100n, 100n, 10n), [1, 'call'], [2, 'call']);
    expect(table.hand).toMatchObject({ street: 'flop', turnSeatId: 2 });
  });

  it('moves the button to the next player with chips', () => {
    const first = play(tableWith(100n, 100n, 100n), [1, 'fold'], [2, 'fold']).table;
    expect(first.buttonSeatId).toBe(1);
    expect(granted(startHand(first, 'hand-2')).table.buttonSeatId).toBe(2);
  });

  it('needs two players with chips, and one hand at a time', () => {
    expect(startHand(tableWith(100n), HAND)).toMatchObject({ ok: false, code: 'TOO_FEW_PLAYERS' });
    const { table } = play(tableWith(100n, 100n));
    expect(startHand(table, 'hand-2')).toMatchObject({ ok: false, code: 'HAND_RUNNING' });
  });
});

describe('the end of a hand', () => {
  const atShowdown = () => play(tableWith(100n, 100n, 40n), [1, 'all-in'], [2, 'fold'], [3, 'call']).table;

  it('pays accounts and no stack', () => {
    const { table, movements } = granted(
      settleHand(atShowdown(), HAND, { winners: [{ seatId: 1, amount: 85n }] }),
    );
    expect(movements).toEqual([
      {
        kind: 'settle',
        handId: HAND,
        number: 6,
        payout: { by: 'amounts', winners: [{ seatId: 1, userId: 'u1', amount: 85n }] },
      },
    ]);
    expect(stacksOf(table)).toEqual([60n, 95n, 0n]);
  });

  it('can leave the division to the platform', () => {
    const ranking = [
      { seatId: 3, rank: 1 },
      { seatId: 1, rank: 2 },
    ];
    expect(summary(granted(settleHand(atShowdown(), HAND, { ranking })).movements)).toEqual(['rank 3:1 1:2']);
  });

  it.each([
    ['less than the pot', { winners: [{ seatId: 1, amount: 84n }] }],
    ['more than the pot', { winners: [{ seatId: 1, amount: 86n }] }],
    ['who folded', { winners: [{ seatId: 2, amount: 85n }] }],
    ['nobody', { winners: [] }],
    [
      'one twice',
      {
        winners: [
          { seatId: 1, amount: 80n },
          { seatId: 1, amount: 5n },
        ],
      },
    ],
    [
      'a loser with nothing',
      {
        winners: [
          { seatId: 1, amount: 85n },
          { seatId: 3, amount: 0n },
        ],
      },
    ],
    ['only some of the hands', { ranking: [{ seatId: 1, rank: 1 }] }],
  ] as const)('does not pay %s', (_what, showdown) => {
    expect(settleHand(atShowdown(), HAND, showdown)).toMatchObject({
      ok: false,
      code: 'WINNERS_NOT_POSSIBLE',
    });
  });

  it('does not come before the betting is over', () => {
    const { table } = play(tableWith(100n, 100n));
    expect(settleHand(table, HAND, { winners: [{ seatId: 1, amount: 15n }] })).toMatchObject({
      ok: false,
      code: 'NOT_AT_SHOWDOWN',
    });
  });

  it('by abortion gives everybody back what they had', () => {
    const { table, movements } = granted(abortHand(atShowdown(), HAND, 'lights out'));
    expect(summary(movements)).toEqual(['cancel']);
    expect(stacksOf(table)).toEqual([100n, 100n, 40n]);
    expect(table.hand).toBeUndefined();
  });
});
