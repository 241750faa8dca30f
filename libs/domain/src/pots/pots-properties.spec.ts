import { describe, expect, it } from '@jest/globals';
import { propertyParameters } from '@steelyard/testing/seed';
import fc from 'fast-check';
import { AMOUNT_MAX } from '../money/index.js';
import { totalOf, type SeatContribution } from './contributions.js';
import { payoutsOf } from './payouts.js';
import { rakeOf } from './rake.js';
import { payoutsOfShowdown, type RankedHand, type Showdown } from './showdown.js';
import { sidePots } from './side-pots.js';
import { scaleToSum } from './split.js';

const SEATS_MAX = 10;
/** So many seats of this amount are the largest pot that the platform books. */
const CONTRIBUTION_MAX = AMOUNT_MAX / BigInt(SEATS_MAX);

// Small amounts meet on the same levels and leave odd chips; large ones need every bit.
const amounts = (max: bigint): fc.Arbitrary<bigint> =>
  fc.oneof(fc.bigInt({ min: 0n, max: 12n }), fc.bigInt({ min: 0n, max }));

const seatIds = fc.uniqueArray(fc.integer({ min: -3, max: 20 }), { maxLength: SEATS_MAX });

function contributionsOf(amount: fc.Arbitrary<bigint>): fc.Arbitrary<SeatContribution[]> {
  return seatIds.chain((ids) =>
    fc.tuple(...ids.map((seatId) => fc.record({ seatId: fc.constant(seatId), amount }))),
  );
}

const contributions = contributionsOf(amounts(CONTRIBUTION_MAX));

/** Any hand that ends in a showdown, with any rake from nothing to everything. */
function showdownsOf(amount: fc.Arbitrary<bigint>, rank = fc.integer({ min: 1, max: 4 })) {
  const inPot = contributionsOf(amount).filter((all) => totalOf(all) > 0n);
  return inPot.chain((all) => {
    const live = all.filter((one) => one.amount > 0n).map(({ seatId }) => seatId);
    return fc.record({
      contributions: fc.constant(all),
      hands: fc
        .shuffledSubarray(live, { minLength: 1 })
        .chain((shown) =>
          fc.tuple(...shown.map((seatId) => fc.record({ seatId: fc.constant(seatId), rank }))),
        ),
      rake: fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: totalOf(all) })),
    });
  });
}

const showdowns = showdownsOf(amounts(CONTRIBUTION_MAX));

function payoutsBySeat(showdown: Showdown<RankedHand>): Map<number, bigint> {
  const payouts = payoutsOfShowdown(showdown);
  if ('code' in payouts) throw new Error(payouts.message);
  return new Map(payouts.map(({ seatId, amount }) => [seatId, amount]));
}

const sumOf = (values: Iterable<bigint>): bigint => [...values].reduce((sum, value) => sum + value, 0n);

/** The side pots again, chip by chip: the n-th chip of every seat lies in the n-th row. */
function potsChipByChip(all: readonly SeatContribution[], folded: readonly number[]): Map<string, bigint> {
  const pots = new Map<string, bigint>();
  let pot = '';
  for (let row = 1n; all.some(({ amount }) => amount >= row); row += 1n) {
    const chips = all.filter(({ amount }) => amount >= row).map(({ seatId }) => seatId);
    const eligible = chips.filter((seatId) => !folded.includes(seatId)).sort((a, b) => a - b);
    if (eligible.length > 0) pot = eligible.join();
    pots.set(pot, (pots.get(pot) ?? 0n) + BigInt(chips.length));
  }
  return pots;
}

/**
 * The payouts of a showdown without ties and rake, found without side pots: the best hand collects from every
 * seat what it has put in itself, then the next best from what is left. Chips above every hand that was shown
 * go to the best of the hands that put in the most.
 */
function collectInRankOrder({ contributions: all, hands }: Showdown<RankedHand>): Map<number, bigint> {
  const left = new Map(all.map(({ seatId, amount }) => [seatId, amount]));
  const putIn = (seatId: number): bigint => all.find((one) => one.seatId === seatId)?.amount ?? 0n;
  const most = hands.map(({ seatId }) => putIn(seatId)).reduce((a, b) => (a > b ? a : b));
  const won = new Map<number, bigint>();
  let isTopPotTaken = false;
  for (const { seatId: winner } of hands.toSorted((a, b) => a.rank - b.rank)) {
    const takesTheTop: boolean = putIn(winner) === most && !isTopPotTaken;
    isTopPotTaken ||= takesTheTop;
    for (const { seatId, amount } of all) {
      // What the better hands have left of the chips up to the winner's own contribution.
      const above = amount > putIn(winner) ? amount - putIn(winner) : 0n;
      const chips = left.get(seatId) ?? 0n;
      const taken = takesTheTop ? chips : chips > above ? chips - above : 0n;
      left.set(seatId, chips - taken);
      won.set(winner, (won.get(winner) ?? 0n) + taken);
    }
  }
  return new Map([...won].filter(([, amount]) => amount > 0n));
}

describe('side pots', () => {
  it('hold every chip of the contributions, whoever folded', () => {
    fc.assert(
      fc.property(contributions, seatIds, (all, folded) => {
        expect(totalOf(sidePots(all, folded))).toBe(totalOf(all));
      }),
      propertyParameters(),
    );
  });

  it('are those that laying out the chips in rows gives', () => {
    fc.assert(
      fc.property(contributionsOf(fc.bigInt({ min: 0n, max: 30n })), seatIds, (all, folded) => {
        const pots = sidePots(all, folded);
        expect(pots.map((pot): [string, bigint] => [pot.eligibleSeats.join(), pot.amount])).toEqual([
          ...potsChipByChip(all, folded),
        ]);
      }),
      propertyParameters({ numRuns: 500 }),
    );
  });

  it('have fewer eligible seats the higher they are, and chips in each', () => {
    fc.assert(
      fc.property(contributions, seatIds, (all, folded) => {
        let below: readonly number[] | undefined;
        for (const { amount, eligibleSeats } of sidePots(all, folded)) {
          expect(amount > 0n).toBe(true);
          if (below) {
            expect(eligibleSeats.length).toBeLessThan(below.length);
            expect(below).toEqual(expect.arrayContaining([...eligibleSeats]));
          }
          below = eligibleSeats;
        }
      }),
      propertyParameters(),
    );
  });
});

describe('a showdown', () => {
  it('pays out every chip but the rake, to hands that were shown, and to nobody nothing', () => {
    fc.assert(
      fc.property(showdowns, (showdown) => {
        const payouts = payoutsBySeat(showdown);
        expect(sumOf(payouts.values())).toBe(totalOf(showdown.contributions) - showdown.rake);
        const shown = new Set(showdown.hands.map(({ seatId }) => seatId));
        for (const [seatId, amount] of payouts) expect(amount > 0n && shown.has(seatId)).toBe(true);
      }),
      propertyParameters({ numRuns: 500 }),
    );
  });

  it('pays as collecting in the order of the ranks does', () => {
    const untied = showdownsOf(amounts(CONTRIBUTION_MAX)).map((showdown) => ({
      ...showdown,
      // The hands come shuffled: their places are ranks without ties.
      hands: showdown.hands.map(({ seatId }, index) => ({ seatId, rank: index + 1 })),
      rake: 0n,
    }));
    fc.assert(
      fc.property(untied, (showdown) => {
        const expected = [...collectInRankOrder(showdown)].sort(([a], [b]) => a - b);
        expect([...payoutsBySeat(showdown)]).toEqual(expected);
      }),
      propertyParameters({ numRuns: 500 }),
    );
  });

  it('never pays a seat more than it matched of every contribution while a deeper seat shows its hand', () => {
    fc.assert(
      fc.property(showdowns, (showdown) => {
        const putIn = new Map(showdown.contributions.map(({ seatId, amount }) => [seatId, amount]));
        const shown = showdown.hands.map(({ seatId }) => putIn.get(seatId) ?? 0n);
        for (const [seatId, amount] of payoutsBySeat(showdown)) {
          const own = putIn.get(seatId) ?? 0n;
          if (!shown.some((other) => other > own)) continue;
          const matched = sumOf([...putIn.values()].map((other) => (other < own ? other : own)));
          expect(amount <= matched).toBe(true);
        }
      }),
      propertyParameters({ numRuns: 500 }),
    );
  });

  it('pays nothing to a hand that somebody who put in as much beats', () => {
    fc.assert(
      fc.property(showdowns, (showdown) => {
        const payouts = payoutsBySeat(showdown);
        const putIn = new Map(showdown.contributions.map(({ seatId, amount }) => [seatId, amount]));
        for (const { seatId, rank } of showdown.hands) {
          const own = putIn.get(seatId) ?? 0n;
          const isBeaten = showdown.hands.some(
            (other) => other.rank < rank && (putIn.get(other.seatId) ?? 0n) >= own,
          );
          if (isBeaten) expect(payouts.has(seatId)).toBe(false);
        }
      }),
      propertyParameters(),
    );
  });

  it('pays equal hands with equal contributions within an odd chip of each pot, the lower seat first', () => {
    fc.assert(
      fc.property(showdowns, (showdown) => {
        const payouts = payoutsBySeat(showdown);
        const rows = showdown.hands.map(({ seatId, rank }) => ({
          seatId,
          rank,
          putIn: showdown.contributions.find((one) => one.seatId === seatId)?.amount,
          won: payouts.get(seatId) ?? 0n,
        }));
        for (const low of rows) {
          for (const high of rows.filter(({ seatId }) => seatId > low.seatId)) {
            if (low.rank !== high.rank || low.putIn !== high.putIn) continue;
            const ahead = low.won - high.won;
            expect(ahead >= 0n && ahead <= BigInt(SEATS_MAX)).toBe(true);
          }
        }
      }),
      propertyParameters({ numRuns: 500 }),
    );
  });

  it('does not depend on the order in which seats are named', () => {
    fc.assert(
      fc.property(showdowns, fc.func(fc.nat()), (showdown, keyOf) => {
        const reordered = <Item extends { seatId: number }>(items: readonly Item[]): Item[] =>
          items.toSorted((a, b) => keyOf(a.seatId) - keyOf(b.seatId));
        const again = {
          ...showdown,
          contributions: reordered(showdown.contributions),
          hands: reordered(showdown.hands),
        };
        expect(payoutsOfShowdown(again)).toEqual(payoutsOfShowdown(showdown));
      }),
      propertyParameters(),
    );
  });

  it('takes from no seat more for the rake than its part of it and a chip for each pot and each split', () => {
    fc.assert(
      fc.property(showdowns, (showdown) => {
        const total = totalOf(showdown.contributions);
        const withRake = payoutsBySeat(showdown);
        for (const [seatId, gross] of payoutsBySeat({ ...showdown, rake: 0n })) {
          const paid = gross - (withRake.get(seatId) ?? 0n);
          const slack = paid * total - gross * showdown.rake;
          const bound = BigInt(2 * SEATS_MAX) * total;
          expect(slack <= bound && slack >= -bound).toBe(true);
        }
      }),
      propertyParameters(),
    );
  });
});

describe('scaling', () => {
  const weights = fc.array(amounts(AMOUNT_MAX), { minLength: 1, maxLength: SEATS_MAX });
  const positive = weights.filter((all) => sumOf(all) > 0n);
  const scaled = (all: readonly bigint[], total: bigint): bigint[] =>
    scaleToSum(
      all.map((amount) => ({ amount })),
      total,
    ).map(({ amount }) => amount);

  it('sums exactly and gives each its proportion, rounded down, or one chip more', () => {
    fc.assert(
      fc.property(positive, amounts(AMOUNT_MAX), (all, total) => {
        const shares = scaled(all, total);
        expect(sumOf(shares)).toBe(total);
        for (const [index, weight] of all.entries()) {
          const floor = (weight * total) / sumOf(all);
          expect([floor, floor + 1n]).toContain(shares[index]);
          if (weight === 0n) expect(shares[index]).toBe(0n);
        }
      }),
      propertyParameters({ numRuns: 500 }),
    );
  });

  it('gives the odd chips to the first that have a weight', () => {
    fc.assert(
      fc.property(positive, amounts(AMOUNT_MAX), (all, total) => {
        const shares = scaled(all, total);
        const hasOddChip = all.flatMap((weight, index) =>
          weight === 0n ? [] : [shares[index] !== (weight * total) / sumOf(all)],
        );
        expect(hasOddChip).toEqual(hasOddChip.toSorted((a, b) => Number(b) - Number(a)));
      }),
      propertyParameters({ numRuns: 500 }),
    );
  });

  it('changes nothing that sums already', () => {
    fc.assert(
      fc.property(weights, (all) => {
        expect(scaled(all, sumOf(all))).toEqual(all);
      }),
      propertyParameters(),
    );
  });

  it('is undone by scaling back when it multiplied', () => {
    fc.assert(
      fc.property(positive, fc.bigInt({ min: 1n, max: 1000n }), (all, factor) => {
        const sum = sumOf(all);
        expect(scaled(scaled(all, sum * factor), sum)).toEqual(all);
      }),
      propertyParameters(),
    );
  });
});

describe('payouts of named winners', () => {
  const winners = fc.array(
    fc.record({ seatId: fc.integer({ min: 1, max: 6 }), amount: amounts(AMOUNT_MAX) }),
    { minLength: 1, maxLength: SEATS_MAX },
  );

  it('sum to what there is to pay, each seat once and in seat order, in any order of the winners', () => {
    fc.assert(
      fc.property(winners, amounts(AMOUNT_MAX), (named, distributable) => {
        fc.pre(totalOf(named) > 0n);
        const payouts = payoutsOf(named, distributable);
        if ('code' in payouts) throw new Error(payouts.message);
        expect(totalOf(payouts)).toBe(distributable);
        const seats = payouts.map(({ seatId }) => seatId);
        expect(seats).toEqual([...new Set(seats)].sort((a, b) => a - b));
        for (const { seatId, amount } of payouts) {
          expect(amount > 0n).toBe(true);
          expect(named.some((winner) => winner.seatId === seatId && winner.amount > 0n)).toBe(true);
        }
        expect(payoutsOf(named.toReversed(), distributable)).toEqual(payouts);
      }),
      propertyParameters({ numRuns: 500 }),
    );
  });

  it('are the payouts of a showdown when the game names those', () => {
    fc.assert(
      fc.property(showdowns, (showdown) => {
        const named = payoutsOfShowdown(showdown);
        if ('code' in named) throw new Error(named.message);
        expect(payoutsOf(named, totalOf(showdown.contributions) - showdown.rake)).toEqual(named);
      }),
      propertyParameters(),
    );
  });
});

describe('the rake', () => {
  const policies = fc.record({
    basisPoints: fc.integer({ min: 0, max: 10_000 }),
    capChips: amounts(AMOUNT_MAX),
    minPotChips: amounts(AMOUNT_MAX),
  });

  it('is never more than the pot, the rate or the cap, and less than a chip below the lower of them', () => {
    fc.assert(
      fc.property(amounts(AMOUNT_MAX), policies, (pot, policy) => {
        const rake = rakeOf(pot, policy);
        const isCapped = policy.capChips > 0n && rake === policy.capChips;
        const atRate = pot * BigInt(policy.basisPoints);
        expect(rake >= 0n && rake <= pot && rake * 10_000n <= atRate).toBe(true);
        if (policy.capChips > 0n) expect(rake <= policy.capChips).toBe(true);
        if (pot <= policy.minPotChips) expect(rake).toBe(0n);
        else if (!isCapped) expect((rake + 1n) * 10_000n > atRate).toBe(true);
      }),
      propertyParameters({ numRuns: 500 }),
    );
  });
});
