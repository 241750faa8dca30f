// The whole game is data and functions from data to data. No clock, no network, no randomness: what the table is
// told to do comes in, what the platform has to move goes out (movement.ts). All amounts are chips, as bigint.

export interface TableRules {
  readonly tableId: string;
  /** Seats are numbered from 1. */
  readonly seatCount: number;
  readonly smallBlind: bigint;
  readonly bigBlind: bigint;
  readonly buyInMin: bigint;
  readonly buyInMax: bigint;
}

/** Chips that are on their way from the player's account to the seat. */
export interface OpenBuyIn {
  readonly kind: 'buy-in';
  readonly buyInId: string;
  readonly reservationId: string;
  readonly amount: bigint;
}

/** Chips that are on their way from the seat to the player's account. */
export interface OpenCashOut {
  readonly kind: 'cash-out';
  readonly cashOutId: string;
  readonly amount: bigint;
}

export interface Seat {
  readonly seatId: number;
  readonly userId: string;
  /** Chips in front of the player. Chips in the pot are counted there. */
  readonly stack: bigint;
  /** Won chips are bought in again, see the service. */
  readonly autoTopUp: boolean;
  /** While money is under way, the seat is kept, and is not dealt in. */
  readonly open: OpenBuyIn | OpenCashOut | undefined;
}

export type Street = 'preflop' | 'flop' | 'turn' | 'river' | 'showdown';

/** A seat's part in the hand. */
export interface Player {
  readonly seatId: number;
  readonly userId: string;
  /** In the pot, without what was returned. */
  readonly contributed: bigint;
  /** Of it, in this betting round. */
  readonly bet: bigint;
  readonly hasFolded: boolean;
  /** Since the last bet or raise. */
  readonly hasActed: boolean;
  /** False after the player acted, until somebody raises in full: a short all-in does not reopen the betting. */
  readonly mayRaise: boolean;
}

export interface Hand {
  readonly handId: string;
  readonly street: Street;
  readonly buttonSeatId: number;
  /** Those who were dealt in, by seat. */
  readonly players: readonly Player[];
  /** Whose turn it is; undefined at showdown. */
  readonly turnSeatId: number | undefined;
  /** What every player has to match in this betting round. */
  readonly currentBet: bigint;
  /** A full raise is at least this much. */
  readonly raiseMin: bigint;
  /** Movements so far. */
  readonly movementCount: number;
}

export interface Table {
  readonly rules: TableRules;
  /** Taken seats, by number. */
  readonly seats: readonly Seat[];
  /** Had the button last. */
  readonly buttonSeatId: number | undefined;
  readonly hand: Hand | undefined;
}

export function newTable(rules: TableRules): Table {
  return { rules, seats: [], buttonSeatId: undefined, hand: undefined };
}

export function seatOf(table: Table, seatId: number): Seat | undefined {
  return table.seats.find((seat) => seat.seatId === seatId);
}

export function withSeat(table: Table, changed: Seat): Table {
  const others = table.seats.filter(({ seatId }) => seatId !== changed.seatId);
  return { ...table, seats: [...others, changed].sort((a, b) => a.seatId - b.seatId) };
}

export function withoutSeat(table: Table, seatId: number): Table {
  return { ...table, seats: table.seats.filter((seat) => seat.seatId !== seatId) };
}

export function addToStack(table: Table, seatId: number, chips: bigint): Table {
  const seat = seatOf(table, seatId);
  if (seat === undefined) throw new RangeError(`seat ${seatId} is empty: whoever moves chips looked before`);
  if (seat.stack + chips < 0n) throw new RangeError(`seat ${seatId} does not have ${-chips} chips`);
  return withSeat(table, { ...seat, stack: seat.stack + chips });
}

/** Seats in playing order: the first after the given one comes first, it itself last. */
export function clockwiseFrom<Place extends { readonly seatId: number }>(
  places: readonly Place[],
  seatId: number,
): readonly Place[] {
  const sorted = [...places].sort((a, b) => a.seatId - b.seatId);
  return [
    ...sorted.filter((place) => place.seatId > seatId),
    ...sorted.filter((place) => place.seatId <= seatId),
  ];
}
