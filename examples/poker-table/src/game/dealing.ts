import { advance } from './betting-round.js';
import { putIn, type Playing } from './hand.js';
import type { Contribution, Step } from './movement.js';
import { allowed, broken, type Ruled } from './rule.js';
import { clockwiseFrom, type Hand, type Player, type Seat, seatOf, type Table } from './table.js';

/**
 * Deals everybody in who has chips and no money under way, moves the button and posts the blinds.
 *
 * @param handId never used before, also not by a table of this name that was lost: movements are known by it
 */
export function startHand(table: Table, handId: string): Ruled<Step> {
  if (table.hand !== undefined) return broken('HAND_RUNNING', `Hand ${table.hand.handId} is not over`);
  const dealtIn = table.seats.filter(({ stack, open }) => stack > 0n && open === undefined);
  const [button, ...others] = clockwiseFrom(dealtIn, table.buttonSeatId ?? 0);
  const [next, afterNext] = others;
  if (button === undefined || next === undefined) {
    return broken('TOO_FEW_PLAYERS', 'A hand needs two players with chips');
  }
  // Between two players the button posts the small blind.
  const [small, big] = afterNext === undefined ? [button, next] : [next, afterNext];
  const hand: Hand = {
    handId,
    street: 'preflop',
    buttonSeatId: button.seatId,
    players: dealtIn.map(dealIn),
    turnSeatId: undefined,
    currentBet: table.rules.bigBlind,
    raiseMin: table.rules.bigBlind,
    movementCount: 0,
  };
  const fresh = { table: { ...table, buttonSeatId: button.seatId, hand }, hand };
  const afterSmall = postBlind(fresh, small, table.rules.smallBlind);
  const afterBig = postBlind(afterSmall, big, table.rules.bigBlind);
  const { table: advanced, movements } = advance(afterBig, big.seatId);
  return allowed({ table: advanced, movements: [afterSmall.movement, afterBig.movement, ...movements] });
}

function dealIn({ seatId, userId }: Seat): Player {
  return { seatId, userId, contributed: 0n, bet: 0n, hasFolded: false, hasActed: false, mayRaise: true };
}

/** Who has less than the blind posts what there is. */
function postBlind(
  state: Playing,
  { seatId }: Seat,
  blind: bigint,
): Playing & { readonly movement: Contribution } {
  const player = state.hand.players.find((dealt) => dealt.seatId === seatId);
  const stack = seatOf(state.table, seatId)?.stack;
  if (player === undefined || stack === undefined) throw new RangeError(`seat ${seatId} was not dealt in`);
  return putIn(state, player, { amount: stack < blind ? stack : blind, type: 'BLIND' });
}
