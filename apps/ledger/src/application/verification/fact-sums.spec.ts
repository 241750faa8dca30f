import { describe, expect, it } from '@jest/globals';
import type { FactSlice, LegSum, SliceEntry, SliceFact } from './fact-reads.port.js';
import { FactSums } from './fact-sums.js';

const CURRENCIES = new Map([
  ['alice', 'CZK'],
  ['bob', 'CZK'],
  ['alice-usd', 'USD'],
  ['world-usd', 'USD'],
]);

function fact(sequence: bigint, changes: Partial<SliceFact> = {}): SliceFact {
  return { bucket: 1, sequence, isTransaction: true, legs: [], transactionId: `t-${sequence}`, ...changes };
}

function entry(place: number, accountId: string, amount: bigint): SliceEntry {
  return { place, accountId, amount, sequence: 3n, unprovable: 'not asked' };
}

/** Facts from 11 on, all of them in the slice. */
function slice(facts: readonly (SliceFact | undefined)[], entries: readonly SliceEntry[]): FactSlice {
  const through = 10n + BigInt(facts.length);
  return { bucket: 1, after: 10n, through, head: through, lastFact: through, facts, entries };
}

function reasons(sliced: FactSlice, legs: readonly LegSum[] = []): string[] {
  const accounts = new Map([...CURRENCIES].map(([accountId, currency]) => [accountId, { currency }]));
  return new FactSums(sliced, accounts).findings(legs).map(({ reason }) => reason);
}

describe('FactSums', () => {
  it('accepts facts whose entries sum to zero in every currency', () => {
    const entries = [
      entry(0, 'alice', -5n),
      entry(0, 'bob', 5n),
      entry(1, 'alice', -20n),
      entry(1, 'bob', 20n),
      entry(1, 'alice-usd', 1n),
      entry(1, 'world-usd', -1n),
    ];
    expect(reasons(slice([fact(11n), fact(12n), fact(13n, { isTransaction: false })], entries))).toEqual([]);
  });

  it('adds what parts in other buckets move', () => {
    const legs = [{ place: 0, currency: 'CZK', entries: 1, amount: -5n }];
    expect(reasons(slice([fact(11n)], [entry(0, 'alice', 5n)]), legs)).toEqual([]);
  });

  it('leaves a part to its home', () => {
    expect(reasons(slice([fact(11n, { legs: undefined })], [entry(0, 'alice', 5n)]))).toEqual([]);
  });

  it.each<[string, SliceEntry[], RegExp]>([
    ['the first currency', [entry(0, 'alice', -5n), entry(0, 'bob', 4n)], /sum to zero/],
    [
      'another currency',
      [entry(0, 'alice', -5n), entry(0, 'bob', 5n), entry(0, 'alice-usd', 1n)],
      /sum to zero/,
    ],
    [
      'two currencies that add up to zero together',
      [entry(0, 'alice', -5n), entry(0, 'alice-usd', 5n)],
      /sum to zero/,
    ],
    ['one entry', [entry(0, 'alice', 0n)], /less than two entries/],
  ])('finds a transaction that is wrong in %s', (_, entries, reason) => {
    expect(reasons(slice([fact(11n)], entries))).toEqual([expect.stringMatching(reason)]);
  });

  it('names missing facts by their sequence, and at most a hundred', () => {
    expect(reasons(slice([fact(11n, { isTransaction: false }), undefined], []))).toEqual([
      'fact 12 of bucket 1 is missing',
    ]);
    expect(reasons(slice(new Array<undefined>(500).fill(undefined), []))).toHaveLength(100);
  });

  it('finds a fact beyond the head, once it came so far', () => {
    const whole = slice([fact(11n, { isTransaction: false })], []);
    expect(reasons({ ...whole, lastFact: 99n })).toEqual([expect.stringMatching(/fact 99 .* beyond/)]);
    expect(reasons({ ...whole, lastFact: 99n, head: 50n })).toEqual([]);
  });
});
