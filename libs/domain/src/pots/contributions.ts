import { invariant } from '../result/index.js';
import { findRepeatedSeat, inSeatOrder, type Seated } from './seats.js';

/** What one seat has in the pot, in minor units: its contributions without what was returned to it. */
export interface SeatContribution extends Seated {
  readonly amount: bigint;
}

/** The sum of amounts in minor units. */
export function totalOf(items: readonly { readonly amount: bigint }[]): bigint {
  return items.reduce((sum, { amount }) => sum + amount, 0n);
}

/**
 * The seats that have chips in the pot, in seat order. Each seat is named once and has at least nothing: that
 * is how a pot is booked, so anything else is a bug.
 */
export function contributors(contributions: readonly SeatContribution[]): SeatContribution[] {
  invariant(findRepeatedSeat(contributions) === undefined, 'a pot has one contribution for each seat');
  invariant(
    contributions.every(({ amount }) => amount >= 0n),
    'no seat takes more out of a pot than it put in',
  );
  return inSeatOrder(contributions).filter(({ amount }) => amount > 0n);
}
