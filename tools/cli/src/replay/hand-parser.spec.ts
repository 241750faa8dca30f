import { describe, expect, it } from '@jest/globals';
import { parseHand } from './hand-parser.js';
import { restOf, winningsBySeat } from './hand.js';

/** Blind 5, raise to 20 that nobody calls: 15 come back and 10 are won, 1 of them by the house. */
const HAND = {
  hand_id: '63826125692',
  table: 'table-01',
  seats: [
    { seat: 1, player: 'ann', stack: 100 },
    { seat: 2, player: 'bob', stack: 20 },
  ],
  contributions: [
    { seat: 1, player: 'ann', type: 'BLIND', amount: 5 },
    { seat: 2, player: 'bob', type: 'RAISE', amount: 20 },
  ],
  returned: [{ seat: 2, player: 'bob', amount: 15 }],
  winners: [
    { seat: 2, player: 'bob', amount: 6 },
    { seat: 2, player: 'bob', amount: 3 },
  ],
  total_pot: 10,
  rake: 1,
};

const parse = (changes: object): unknown => parseHand(JSON.stringify({ ...HAND, ...changes }));

describe('reading a hand', () => {
  it('reads seats, actions in their order, what came back and who won', () => {
    const hand = parseHand(JSON.stringify(HAND));
    expect(hand).toEqual({
      handId: '63826125692',
      table: 'table-01',
      seats: [
        { seatId: 1, player: 'ann', stack: 100n },
        { seatId: 2, player: 'bob', stack: 20n },
      ],
      contributions: [
        { seatId: 1, player: 'ann', type: 'BLIND', amount: 5n },
        { seatId: 2, player: 'bob', type: 'RAISE', amount: 20n },
      ],
      returned: [{ seatId: 2, player: 'bob', amount: 15n }],
      winners: [
        { seatId: 2, player: 'bob', amount: 6n },
        { seatId: 2, player: 'bob', amount: 3n },
      ],
      totalPot: 10n,
      rake: 1n,
    });
    expect(winningsBySeat(hand)).toEqual(new Map([[2, 9n]]));
    expect(hand.seats.map((seat) => restOf(hand, seat))).toEqual([95n, 15n]);
  });

  it.each([
    [
      'a pot that is not what was put in',
      { total_pot: 11 },
      'contributions without what was returned are 10',
    ],
    ['winners that are not paid the pot', { rake: 2 }, 'winners and rake are 11, total_pot is 10'],
    [
      'a seat that contributes more than its stack',
      { seats: [HAND.seats[0], { seat: 2, player: 'bob', stack: 19 }] },
      'seat 2 contributes more than its stack',
    ],
    [
      'a seat that gets back more than it gave',
      { returned: [{ seat: 1, player: 'ann', amount: 15 }] },
      'seat 1 gets back more than it contributed',
    ],
    [
      'a winner who sits elsewhere',
      { winners: [{ seat: 1, player: 'bob', amount: 9 }] },
      'bob does not sit at seat 1',
    ],
    ['a seat that is taken twice', { seats: [...HAND.seats, HAND.seats[0]] }, 'a seat is taken twice'],
    [
      'an action of another kind',
      { contributions: [{ ...HAND.contributions[0], type: 'FOLD' }] },
      'type must be',
    ],
    ['a fraction of a chip', { rake: 0.5 }, 'rake must be an integer'],
    ['an amount that no JSON number holds exactly', { total_pot: 2 ** 53 }, 'total_pot must lie within'],
    ['an empty pot', { total_pot: 0 }, 'total_pot must be at least 1'],
    ['an id that the platform does not take', { hand_id: '@1' }, 'hand_id must be 1 to 64 letters'],
    ['no list of seats', { seats: undefined }, 'seats must be a list'],
  ])('refuses %s', (_name, changes, message) => {
    expect(() => parse(changes)).toThrow(message);
  });

  it('refuses what is not JSON', () => {
    expect(() => parseHand('hand 1')).toThrow('not JSON');
  });
});
