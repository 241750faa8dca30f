import { describe, expect, it } from '@jest/globals';
import { deliveryGroups } from './delivery-groups.js';
import type { DuePlace } from './fact-positions.port.js';

const placeOf = (consumer: string, bucket: number, failures = 0): DuePlace => ({
  consumer,
  bucket,
  sequence: 0n,
  failures,
  lacking: 1n,
  isLeased: true,
});
const behind = (bucket: number, lacking: bigint): DuePlace => ({ ...placeOf('ledger', bucket), lacking });
const told = (places: readonly DuePlace[]): string[][] =>
  deliveryGroups(places).map((group) => group.map(({ consumer, bucket }) => `${consumer} ${bucket}`));

describe('deliveryGroups', () => {
  it('puts the buckets of a consumer together, and no two consumers', () => {
    expect(told([placeOf('ledger', 1), placeOf('analytics', 1), placeOf('ledger', 0)])).toEqual([
      ['ledger 1', 'ledger 0'],
      ['analytics 1'],
    ]);
  });

  it('sends alone, and behind the others, what failed before', () => {
    expect(told([placeOf('ledger', 5, 2), placeOf('ledger', 1), placeOf('ledger', 6, 1)])).toEqual([
      ['ledger 1'],
      ['ledger 5'],
      ['ledger 6'],
    ]);
  });

  it('bounds how many go together', () => {
    const places = Array.from({ length: 130 }, (_, bucket) => placeOf('ledger', bucket));
    expect(deliveryGroups(places).map(({ length }) => length)).toEqual([64, 64, 2]);
  });

  it('makes several of a backlog', () => {
    const backlog = [behind(0, 400n), behind(1, 600n), behind(2, 1n), behind(3, 9_000_000n), behind(4, 500n)];
    expect(told(backlog)).toEqual([
      ['ledger 0', 'ledger 1', 'ledger 2'],
      ['ledger 3', 'ledger 4'],
    ]);
  });

  it('makes none of nothing', () => {
    expect(deliveryGroups([])).toEqual([]);
  });
});
