import { contributors, type SeatContribution } from './contributions.js';

/** A part of the pot, in minor units, and the seats that can win it, in seat order. */
export interface SidePot {
  readonly amount: bigint;
  readonly eligibleSeats: readonly number[];
}

/**
 * Cuts what the seats put in into the main pot (first) and the side pots. Every distinct contribution is a
 * level; what lies between two levels is a layer to which each contributor at or above it gave the same.
 * Those of them that did not fold can win it. Layers with the same eligible seats are one pot, and a layer
 * that only folded seats reached belongs to the pot below it.
 *
 * The amounts sum to the contributions, always: when every contributor folded there is one pot, which nobody
 * can win; without contributions there is none. Folded seats without a contribution are of no account.
 */
export function sidePots(
  contributions: readonly SeatContribution[],
  foldedSeats: readonly number[],
): readonly SidePot[] {
  const folded = new Set(foldedSeats);
  const seats = contributors(contributions);
  const pots: SidePot[] = [];
  let below = 0n;
  for (const level of levelsOf(seats)) {
    const reaching = seats.filter(({ amount }) => amount >= level);
    const amount = (level - below) * BigInt(reaching.length);
    const eligibleSeats = reaching.map(({ seatId }) => seatId).filter((seatId) => !folded.has(seatId));
    below = level;
    const previous = pots.at(-1);
    // Whoever can win a layer can win those below it: as many eligible seats are the same eligible seats.
    if (previous && [0, previous.eligibleSeats.length].includes(eligibleSeats.length)) {
      pots[pots.length - 1] = { ...previous, amount: previous.amount + amount };
    } else {
      pots.push({ amount, eligibleSeats });
    }
  }
  return pots;
}

function levelsOf(seats: readonly SeatContribution[]): bigint[] {
  return [...new Set(seats.map(({ amount }) => amount))].sort((a, b) => (a < b ? -1 : 1));
}
