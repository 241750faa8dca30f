import { isRefusal, refuse, type Refusal } from '../result/index.js';
import { contributors, totalOf, type SeatContribution } from './contributions.js';
import { afterRake } from './rake.js';
import { findRepeatedSeat, inSeatOrder, type Seated } from './seats.js';
import { sidePots, type SidePot } from './side-pots.js';
import { scaleToSum, splitEqually } from './split.js';

/** A hand that was shown. `rank`: 1 is the best; equal hands have equal ranks. */
export interface RankedHand extends Seated {
  readonly rank: number;
}

/** The end of a hand: what is in the pot, who shows what, and what the house keeps, in minor units. */
export interface Showdown<Hand extends RankedHand> {
  readonly contributions: readonly SeatContribution[];
  /** Of every seat that did not fold; a seat that is missing has folded. */
  readonly hands: readonly Hand[];
  readonly rake: bigint;
}

/**
 * What each seat is paid at the showdown: every pot goes to the best hands that can win it, in equal parts,
 * odd chips to the first of them in seat order. The result is in seat order and sums to exactly the
 * contributions without the rake; every payout is above zero: a hand that wins nothing is left out.
 *
 * Every pot bears the rake in proportion, as if it were raked at one rate: taken from the main pot first, a
 * short all-in player would pay for the action of the others. What rounding leaves of the rake comes from the
 * main pot first, one chip each. A bet that nobody called is raked with the rest: return it before.
 *
 * Refuses with INVALID_REQUEST no hands, a seat that is named twice, a rank that is no whole number from 1,
 * and the hand of a seat that has no chips in the pot; with INVALID_AMOUNT a rake below zero or above the pot.
 */
export function payoutsOfShowdown<Hand extends RankedHand>({
  contributions,
  hands,
  rake,
}: Showdown<Hand>): readonly (Hand & { readonly amount: bigint })[] | Refusal {
  const seats = contributors(contributions);
  const refusal = refuseHands(hands, new Set(seats.map(({ seatId }) => seatId)));
  if (refusal) return refusal;
  const distributable = afterRake(totalOf(seats), rake);
  if (isRefusal(distributable)) return distributable;

  const shown = new Set(hands.map(({ seatId }) => seatId));
  const folded = seats.map(({ seatId }) => seatId).filter((seatId) => !shown.has(seatId));
  const won = new Map<number, bigint>();
  for (const pot of takeRake(sidePots(seats, folded), rake)) {
    for (const { seatId, amount } of splitEqually(pot.amount, bestSeats(hands, pot.eligibleSeats))) {
      won.set(seatId, (won.get(seatId) ?? 0n) + amount);
    }
  }
  return inSeatOrder(hands)
    .map((hand) => ({ ...hand, amount: won.get(hand.seatId) ?? 0n }))
    .filter(({ amount }) => amount > 0n);
}

function refuseHands(hands: readonly RankedHand[], seatsInPot: ReadonlySet<number>): Refusal | undefined {
  if (hands.length === 0) return refuse('INVALID_REQUEST', 'name the hands that were shown', 'hands');
  const repeated = findRepeatedSeat(hands);
  if (repeated !== undefined) {
    return refuse('INVALID_REQUEST', `seat ${repeated} is named twice; name it once`, 'hands.seatId');
  }
  if (hands.some(({ rank }) => !Number.isSafeInteger(rank) || rank < 1)) {
    return refuse('INVALID_REQUEST', 'hands.rank must be a whole number from 1 (the best)', 'hands.rank');
  }
  const outsider = inSeatOrder(hands).find(({ seatId }) => !seatsInPot.has(seatId));
  if (!outsider) return undefined;
  const message = `seat ${outsider.seatId} has no chips in the pot; leave its hand out, or name winners`;
  return refuse('INVALID_REQUEST', message, 'hands.seatId');
}

/** The pots without their parts of the rake. No part is more than its pot, as the rake is not more than all. */
function takeRake(pots: readonly SidePot[], rake: bigint): SidePot[] {
  const parts = scaleToSum(
    pots.map((pot) => ({ ...pot, before: pot.amount })),
    rake,
  );
  return parts.map(({ before, amount, eligibleSeats }) => ({ amount: before - amount, eligibleSeats }));
}

function bestSeats(hands: readonly RankedHand[], eligibleSeats: readonly number[]): number[] {
  const eligible = hands.filter(({ seatId }) => eligibleSeats.includes(seatId));
  const best = eligible.reduce((least, { rank }) => Math.min(least, rank), Infinity);
  return eligible.filter(({ rank }) => rank === best).map(({ seatId }) => seatId);
}
