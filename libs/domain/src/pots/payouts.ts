import { invariant, isRefusal, refuse, type Refusal } from '../result/index.js';
import { totalOf } from './contributions.js';
import { inSeatOrder, type Seated } from './seats.js';
import { scaleToSum } from './split.js';

/** A winner as the game names it. `amount`: minor units, or a weight when it does not fit what is in the pot. */
export interface Winner extends Seated {
  readonly accountId?: string;
  readonly amount: bigint;
}

/**
 * What each seat is paid when the game says who won how much. The result is in seat order and sums to exactly
 * `distributable` (minor units, not below zero: the pot without the rake); amounts that do not are scaled in
 * proportion, as {@link scaleToSum} does it. Every payout is above zero: a winner that nothing falls to is
 * left out. A seat that is named several times (once for each side pot it won) is paid once, the sum. One
 * account may win at several seats.
 *
 * Refuses with INVALID_AMOUNT an amount below zero, and no amount above zero when there is something to pay;
 * with INVALID_REQUEST a seat with two accounts, and no winners when there is something to pay.
 */
export function payoutsOf<Named extends Winner>(
  winners: readonly Named[],
  distributable: bigint,
): readonly Named[] | Refusal {
  invariant(distributable >= 0n, 'the rake is at most the pot');
  if (winners.some(({ amount }) => amount < 0n)) {
    return refuse('INVALID_AMOUNT', 'winners.amount must not be less than zero', 'winners.amount');
  }
  const seats = onePerSeat(winners);
  if (isRefusal(seats)) return seats;
  if (distributable > 0n && seats.length === 0) {
    return refuse('INVALID_REQUEST', `name the winners of ${distributable}`, 'winners');
  }
  if (distributable > 0n && totalOf(seats) === 0n) {
    return refuse('INVALID_AMOUNT', 'at least one winners.amount must be above zero', 'winners.amount');
  }
  return scaleToSum(seats, distributable).filter(({ amount }) => amount > 0n);
}

/** The winners in seat order, the amounts of each seat added up. */
function onePerSeat<Named extends Winner>(winners: readonly Named[]): readonly Named[] | Refusal {
  const bySeat = new Map<number, Named>();
  for (const winner of inSeatOrder(winners)) {
    const named = bySeat.get(winner.seatId);
    if (named && named.accountId !== winner.accountId) {
      const message = `seat ${winner.seatId} is named with two accounts; name the one that played there`;
      return refuse('INVALID_REQUEST', message, 'winners.accountId');
    }
    bySeat.set(winner.seatId, { ...winner, amount: (named?.amount ?? 0n) + winner.amount });
  }
  return [...bySeat.values()];
}
