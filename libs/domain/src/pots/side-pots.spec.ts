import { describe, expect, it } from '@jest/globals';
import { InvariantError } from '../result/index.js';
import { sidePots } from './side-pots.js';

/** @param put seat:amount of every contribution */
function cut(put: string, folded: readonly number[] = []): string[] {
  const contributions = put.split(' ').flatMap((pair) => {
    const [seat, amount] = pair.split(':');
    return amount === undefined ? [] : [{ seatId: Number(seat), amount: BigInt(amount) }];
  });
  return sidePots(contributions, folded).map(
    ({ amount, eligibleSeats }) => `${amount} for ${eligibleSeats.join(' ')}`,
  );
}

describe('sidePots', () => {
  it.each<[behaviour: string, put: string, folded: number[], pots: string[]]>([
    ['makes one pot of equal contributions', '1:50 2:50 3:50', [], ['150 for 1 2 3']],
    ['leaves the chips of a folded seat in the pot', '1:50 2:50 3:20', [3], ['120 for 1 2']],
    [
      'cuts a side pot above each shorter all-in',
      '1:100 2:200 3:800 4:800',
      [],
      ['400 for 1 2 3 4', '300 for 2 3 4', '1200 for 3 4'],
    ],
    [
      'merges levels that the same seats can win',
      '7:1 8:2 5:90 9:105 2:8 3:59 6:105',
      [7, 8, 2, 6],
      ['247 for 3 5 9', '93 for 5 9', '30 for 9'],
    ],
    [
      'gives what only a folded seat put in to the pot below',
      '1:10 2:30 3:30 4:90',
      [4],
      ['40 for 1 2 3', '120 for 2 3'],
    ],
    ['gives several such layers to the pot below', '1:10 2:20 3:30', [2, 3], ['60 for 1']],
    ['keeps an uncalled bet apart', '1:40 2:100', [], ['80 for 1 2', '60 for 2']],
    ['keeps the chips when everybody folded, for nobody', '1:5 2:10 3:20', [1, 2, 3], ['35 for ']],
    ['makes no pot without contributions', '', [1], []],
    ['makes no pot of nothing', '1:0', [], []],
    ['leaves out a seat that has nothing in the pot', '1:0 2:5 3:5', [], ['10 for 2 3']],
    ['takes no notice of a folded seat without a contribution', '2:5 3:5', [9], ['10 for 2 3']],
    ['orders seats as numbers', '10:5 9:5 -1:5', [], ['15 for -1 9 10']],
  ])('%s', (_behaviour, put, folded, pots) => {
    expect(cut(put, folded)).toEqual(pots);
  });

  it.each([
    ['a seat that is named twice', '1:5 2:5 1:5'],
    ['a contribution below zero', '1:-5 2:5'],
  ])('stops at %s', (_case, put) => {
    expect(() => cut(put)).toThrow(InvariantError);
  });
});
