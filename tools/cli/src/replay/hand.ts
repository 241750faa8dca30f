import type { ContributionType } from '@steelyard/client';

// Amounts are integer minor units of the platform's default currency.

/** A player at a seat. */
export interface Seated {
  readonly seatId: number;
  readonly player: string;
}

/** A player with the chips that he sits down with. */
export interface Seat extends Seated {
  readonly stack: bigint;
}

/** Chips of one seat: won, or given back because nobody called them. */
export interface SeatAmount extends Seated {
  readonly amount: bigint;
}

/** One action that puts chips into the pot. */
export interface Contribution extends SeatAmount {
  readonly type: ContributionType;
}

/** One hand as its history tells it. The order of the contributions is the order of the play. */
export interface Hand {
  readonly handId: string;
  readonly table: string;
  readonly seats: readonly Seat[];
  readonly contributions: readonly Contribution[];
  readonly returned: readonly SeatAmount[];
  /** A seat is named once for each pot it won. */
  readonly winners: readonly SeatAmount[];
  /** What the winners share with the house: contributions without what was returned. */
  readonly totalPot: bigint;
  readonly rake: bigint;
}

/** The sum of all amounts. */
export function totalOf(amounts: readonly { readonly amount: bigint }[]): bigint {
  return amounts.reduce((sum, { amount }) => sum + amount, 0n);
}

/** The sum of the amounts of one seat. */
export function ofSeat(amounts: readonly SeatAmount[], seatId: number): bigint {
  return totalOf(amounts.filter((entry) => entry.seatId === seatId));
}

/** What a seat has left of its stack after the hand, without what it won. Never below zero. */
export function restOf(hand: Hand, { seatId, stack }: Seat): bigint {
  return stack - ofSeat(hand.contributions, seatId) + ofSeat(hand.returned, seatId);
}

/** What each winning seat won in all pots together, in the order in which the seats are first named. */
export function winningsBySeat(hand: Hand): ReadonlyMap<number, bigint> {
  return new Map(hand.winners.map(({ seatId }) => [seatId, ofSeat(hand.winners, seatId)]));
}

/** The hands of each table, in the order of the file. */
export function byTable(hands: readonly Hand[]): ReadonlyMap<string, readonly Hand[]> {
  return Map.groupBy(hands, ({ table }) => table);
}
