export const POT_STATUSES = ['ACTIVE', 'SETTLED', 'CANCELLED'] as const;
export type PotStatus = (typeof POT_STATUSES)[number];

/** Which hand at which table. */
export interface PotKey {
  readonly tableId: string;
  readonly handId: string;
}

/** One seat's part in a pot. Amounts are minor units. */
export interface PotSeat {
  readonly seatId: number;
  readonly accountId: string;
  readonly contributed: bigint;
  /** Uncalled bets that went back to the table. */
  readonly returned: bigint;
  readonly won: bigint;
}

/**
 * The escrow of one hand: who put in what, and how it ended. Begins as ACTIVE with the first contribution and ends
 * once: SETTLED or CANCELLED. A value: every step makes a new one.
 */
export interface Pot extends PotKey {
  readonly bucket: number;
  readonly currency: string;
  readonly status: PotStatus;
  /** In seat order. */
  readonly seats: readonly PotSeat[];
  readonly rake: bigint;
  /** Grows by one with every change. */
  readonly version: bigint;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** At most so many seats: their pot is one row, and its settlement one write. */
export const POT_SEATS_MAX = 100;

/** Contributions without what was returned, in minor units: what there is to win. */
export function potTotal(pot: Pot): bigint {
  return pot.seats.reduce((sum, seat) => sum + netContribution(seat), 0n);
}

/** What one seat has put in and not got back, in minor units. */
export function netContribution(seat: PotSeat): bigint {
  return seat.contributed - seat.returned;
}

/** The seat of a pot; undefined when it has contributed nothing. */
export function seatOf(pot: Pot, seatId: number): PotSeat | undefined {
  return pot.seats.find((seat) => seat.seatId === seatId);
}

/** The pot with one seat replaced or added, in seat order. */
export function withSeat(pot: Pot, changed: PotSeat): Pot {
  const others = pot.seats.filter((seat) => seat.seatId !== changed.seatId);
  const seats = [...others, changed].sort((left, right) => left.seatId - right.seatId);
  return { ...pot, seats };
}
