import { allowed, broken, type Ruled } from './rule.js';
import {
  seatOf,
  withoutSeat,
  withSeat,
  type OpenBuyIn,
  type OpenCashOut,
  type Seat,
  type Table,
  type TableRules,
} from './table.js';

export interface SeatRequest {
  readonly seatId: number;
  readonly userId: string;
  readonly autoTopUp: boolean;
}

/** What can be said without looking at the seats: nobody's money is held for an impossible request. */
export function checkBuyIn(
  rules: TableRules,
  { seatId, amount }: { readonly seatId: number; readonly amount: bigint },
): Ruled<true> {
  const { seatCount, buyInMin, buyInMax } = rules;
  if (seatId < 1 || seatId > seatCount) {
    return broken('SEAT_UNKNOWN', `The seats of this table are 1 to ${seatCount}`);
  }
  if (amount < buyInMin || amount > buyInMax) {
    return broken('BUY_IN_OUT_OF_RANGE', `Bring ${buyInMin} to ${buyInMax} chips to this table`);
  }
  return allowed(true);
}

/** A new player takes a seat; the chips arrive with {@link confirmBuyIn}. */
export function takeSeat(
  table: Table,
  { seatId, userId, autoTopUp }: SeatRequest,
  buyIn: OpenBuyIn,
): Ruled<Table> {
  const checked = checkBuyIn(table.rules, { seatId, amount: buyIn.amount });
  if (!checked.ok) return checked;
  if (seatOf(table, seatId) !== undefined) {
    return broken('SEAT_TAKEN', `Seat ${seatId} is taken; choose another`);
  }
  if (table.seats.some((seat) => seat.userId === userId)) {
    return broken('ALREADY_SEATED', 'This player sits at the table already; buy more chips there');
  }
  return allowed(withSeat(table, { seatId, userId, stack: 0n, autoTopUp, open: buyIn }));
}

/** A seated player buys more chips. Between hands only, and never beyond the largest buy-in of the table. */
export function startTopUp(table: Table, seatId: number, buyIn: OpenBuyIn): Ruled<Table> {
  const idle = idleSeat(table, seatId);
  if (!idle.ok) return idle;
  const seat = idle.value;
  const { buyInMax } = table.rules;
  if (buyIn.amount <= 0n || seat.stack + buyIn.amount > buyInMax) {
    return broken(
      'BUY_IN_OUT_OF_RANGE',
      `A stack of at most ${buyInMax} can be bought; this one has ${seat.stack}`,
    );
  }
  return allowed(withSeat(table, { ...seat, open: buyIn }));
}

/** The chips have arrived. Any other buy-in than the open one changes nothing: it was confirmed before. */
export function confirmBuyIn(table: Table, seatId: number, buyInId: string): Table {
  const seat = seatBuying(table, seatId, buyInId);
  if (seat === undefined) return table;
  return withSeat(table, { ...seat, stack: seat.stack + seat.open.amount, open: undefined });
}

/** The chips will not arrive: a player who has none goes, whether new or back for more. */
export function dropBuyIn(table: Table, seatId: number, buyInId: string): Table {
  const seat = seatBuying(table, seatId, buyInId);
  if (seat === undefined) return table;
  return seat.stack === 0n ? withoutSeat(table, seatId) : withSeat(table, { ...seat, open: undefined });
}

/** The player stands up. The seat keeps its chips until the account has them. */
export function startCashOut(table: Table, seatId: number, cashOutId: string): Ruled<Table> {
  const seat = seatOf(table, seatId);
  // Asking again continues what was begun.
  if (seat?.open?.kind === 'cash-out') return allowed(table);
  const idle = idleSeat(table, seatId);
  if (!idle.ok) return idle;
  const open: OpenCashOut = { kind: 'cash-out', cashOutId, amount: idle.value.stack };
  return allowed(withSeat(table, { ...idle.value, open }));
}

/** The account has the chips: the seat is free. */
export function confirmCashOut(table: Table, seatId: number, cashOutId: string): Table {
  return seatCashingOut(table, seatId, cashOutId) === undefined ? table : withoutSeat(table, seatId);
}

/** The platform refused: the player stays with the chips. */
export function dropCashOut(table: Table, seatId: number, cashOutId: string): Table {
  const seat = seatCashingOut(table, seatId, cashOutId);
  return seat === undefined ? table : withSeat(table, { ...seat, open: undefined });
}

/** A seat at which nothing is under way: no hand, no buy-in, no cash-out. */
function idleSeat(table: Table, seatId: number): Ruled<Seat> {
  const seat = seatOf(table, seatId);
  if (seat === undefined) return broken('SEAT_EMPTY', `Nobody sits at seat ${seatId}`);
  if (seat.open !== undefined) {
    return broken('SEAT_BUSY', `A ${seat.open.kind} of seat ${seatId} is under way; wait until it is done`);
  }
  // Folded seats too: their chips come back from the pot when the hand is aborted.
  if (table.hand?.players.some((player) => player.seatId === seatId) === true) {
    return broken('IN_HAND', `Seat ${seatId} is in the hand; wait until the hand is over`);
  }
  return allowed(seat);
}

function seatBuying(
  table: Table,
  seatId: number,
  buyInId: string,
): (Seat & { readonly open: OpenBuyIn }) | undefined {
  const seat = seatOf(table, seatId);
  if (seat?.open?.kind !== 'buy-in' || seat.open.buyInId !== buyInId) return undefined;
  return { ...seat, open: seat.open };
}

function seatCashingOut(table: Table, seatId: number, cashOutId: string): Seat | undefined {
  const seat = seatOf(table, seatId);
  return seat?.open?.kind === 'cash-out' && seat.open.cashOutId === cashOutId ? seat : undefined;
}
