import { describe, expect, it } from '@jest/globals';
import { InvariantError } from '../result/index.js';
import { payoutsOfShowdown } from './showdown.js';

interface Hand {
  /** seat:amount of every contribution */
  readonly put: string;
  /** seat:rank of every hand that was shown */
  readonly shown: string;
  readonly rake?: bigint;
}

const pairs = (text: string): [number, string][] =>
  text.split(' ').flatMap((pair) => {
    const [seat, value] = pair.split(':');
    return value === undefined ? [] : [[Number(seat), value]];
  });

function play({ put, shown, rake = 0n }: Hand) {
  return payoutsOfShowdown({
    contributions: pairs(put).map(([seatId, amount]) => ({ seatId, amount: BigInt(amount) })),
    hands: pairs(shown).map(([seatId, rank]) => ({
      seatId,
      rank: Number(rank),
      accountId: `player-${seatId}`,
    })),
    rake,
  });
}

/** seat:amount of every payout */
function paid(hand: Hand): string {
  const payouts = play(hand);
  if ('code' in payouts) throw new Error(payouts.message);
  return payouts.map(({ seatId, amount }) => `${seatId}:${amount}`).join(' ');
}

const THREE_DEEP = '1:100 2:200 3:800 4:800';

describe('payoutsOfShowdown', () => {
  it.each<[string, Hand, string]>([
    ['pays the last seat in the hand', { put: '1:25 2:250 3:50 7:250', shown: '7:1', rake: 25n }, '7:550'],
    ['pays the best hand', { put: '1:50 2:50 3:50', shown: '1:3 2:1 3:2' }, '2:150'],
    ['compares ranks, whatever numbers they are', { put: '1:5 2:5', shown: '1:7462 2:4294967295' }, '1:10'],
    [
      'pays equal hands equally, odd chips in seat order',
      { put: '10:50 9:50 2:50 4:2', shown: '10:1 9:1 2:1' },
      '2:51 9:51 10:50',
    ],
    [
      'pays a short all-in only the main pot',
      { put: THREE_DEEP, shown: '1:1 2:2 3:4 4:3' },
      '1:400 2:300 4:1200',
    ],
    [
      'pays the best hands every pot that they can win',
      { put: THREE_DEEP, shown: '1:2 2:3 3:1 4:1' },
      '3:950 4:950',
    ],
    [
      'splits the main pot and pays the side pot whole',
      { put: '1:33 2:100 3:100', shown: '1:1 2:1 3:2' },
      '1:50 2:183',
    ],
    [
      // 16 for 1, 2 and 3: 6, 5, 5. Above, with a chip of the folded 4, 5 for 2 and 3: 3, 2.
      'hands out the odd chips of each pot apart',
      { put: '1:3 2:5 3:5 4:4 5:3 6:1', shown: '1:1 2:1 3:1' },
      '1:6 2:8 3:7',
    ],
    [
      'pays chips that only a folded seat put in to the winner of the pot below',
      { put: '1:10 2:30 3:90', shown: '1:1 2:2' },
      '1:30 2:100',
    ],
    ['gives an uncalled bet back, whoever wins', { put: '1:40 2:100', shown: '1:1 2:2' }, '1:80 2:60'],
    [
      // Of 30: 14.04 from the main pot of 315 and 15.96 from the side pot of 358, so 15 and 15.
      'rakes main and side pot in proportion, the odd chip from the main pot',
      { put: '1:284 2:105 9:284', shown: '2:1 1:2 9:3', rake: 30n },
      '1:343 2:300',
    ],
    [
      // Of 18: 12.02 from 247, 4.52 from 93, 1.46 from 30, so 13, 4 and 1.
      'rakes three pots in proportion',
      { put: '7:1 8:2 5:90 9:105 2:8 3:59 6:105', shown: '3:1 5:3 9:4', rake: 18n },
      '3:234 5:89 9:29',
    ],
    ['pays nobody when the rake is everything', { put: '1:5 2:6', shown: '1:1 2:1', rake: 11n }, ''],
    [
      // The side pot is one chip of seat 1; the rake of 1 comes from the main pot, whose odd chip seat 1 gets.
      'is exact to the largest pot',
      { put: '1:4503599627370496 2:4503599627370495', shown: '1:1 2:1', rake: 1n },
      '1:4503599627370496 2:4503599627370494',
    ],
  ])('%s', (_behaviour, hand, expected) => {
    expect(paid(hand)).toBe(expected);
  });

  it('carries everything else of a hand along', () => {
    expect(play({ put: '1:5 2:5', shown: '2:1' })).toEqual([
      { seatId: 2, rank: 1, accountId: 'player-2', amount: 10n },
    ]);
  });

  it.each<[string, Hand, object]>([
    [
      'no hands',
      { put: '1:5', shown: '' },
      { code: 'INVALID_REQUEST', message: 'name the hands that were shown', field: 'hands' },
    ],
    [
      'a seat that is named twice',
      { put: '1:5 2:5', shown: '2:1 1:1 2:3' },
      { code: 'INVALID_REQUEST', message: 'seat 2 is named twice; name it once', field: 'hands.seatId' },
    ],
    [
      'a seat that did not contribute',
      { put: '1:5 2:5', shown: '1:2 3:1' },
      {
        code: 'INVALID_REQUEST',
        message: 'seat 3 has no chips in the pot; leave its hand out, or name winners',
        field: 'hands.seatId',
      },
    ],
    [
      'a seat whose contribution was all returned',
      { put: '1:5 2:0', shown: '1:2 2:1' },
      { code: 'INVALID_REQUEST', field: 'hands.seatId' },
    ],
    [
      'a rake above the pot',
      { put: '1:5 2:5', shown: '1:1', rake: 11n },
      { code: 'INVALID_AMOUNT', message: 'rake must be at least 0 and at most the pot of 10', field: 'rake' },
    ],
    [
      'a rake below zero',
      { put: '1:5 2:5', shown: '1:1', rake: -1n },
      { code: 'INVALID_AMOUNT', field: 'rake' },
    ],
  ])('refuses %s', (_case, hand, refusal) => {
    expect(play(hand)).toMatchObject({ kind: 'refusal', ...refusal });
  });

  it.each([0, -1, 1.5, Number.NaN, Infinity])('refuses the rank %p', (rank) => {
    expect(play({ put: '1:5 2:5', shown: `1:1 2:${rank}` })).toEqual({
      kind: 'refusal',
      code: 'INVALID_REQUEST',
      message: 'hands.rank must be a whole number from 1 (the best)',
      field: 'hands.rank',
    });
  });

  it('stops at a pot that books a seat twice', () => {
    expect(() => play({ put: '1:5 1:5', shown: '1:1' })).toThrow(InvariantError);
  });
});
