import { ablePlayers, livePlayers, potOf, returnUncalled, withoutHand, type Playing } from './hand.js';
import type { Movement, Step } from './movement.js';
import { clockwiseFrom, type Hand, type Street } from './table.js';

const NEXT_STREET: Readonly<Record<Street, Street>> = {
  preflop: 'flop',
  flop: 'turn',
  turn: 'river',
  river: 'showdown',
  showdown: 'showdown',
};

/** Goes on after a seat acted: to the next player, the next betting round, the showdown, or the end of the hand. */
export function advance(state: Playing, actedSeatId: number): Step {
  const [survivor, ...others] = livePlayers(state.hand);
  if (survivor !== undefined && others.length === 0) return winWithoutShowdown(state, survivor);
  if (!isRoundOver(state)) {
    const [next] = clockwiseFrom(ablePlayers(state), actedSeatId).filter((player) =>
      owesDecision(state, player),
    );
    const turn: Hand = { ...state.hand, turnSeatId: next?.seatId };
    return { table: { ...state.table, hand: turn }, movements: [] };
  }
  const settled = returnUncalled(state);
  return { table: openRound(settled), movements: settled.movements };
}

/** Everybody else folded. */
function winWithoutShowdown(
  state: Playing,
  winner: { readonly seatId: number; readonly userId: string },
): Step {
  const { table, hand, movements } = returnUncalled(state);
  const { seatId, userId } = winner;
  const settlement: Movement = {
    kind: 'settle',
    handId: hand.handId,
    number: hand.movementCount + 1,
    payout: { by: 'amounts', winners: [{ seatId, userId, amount: potOf(hand) }] },
  };
  // The winner's stack stays as it is: the platform pays the pot to the winner's account. Chips in both places
  // would be chips from nowhere.
  return withoutHand(table, [...movements, settlement]);
}

function isRoundOver(state: Playing): boolean {
  return ablePlayers(state).every((player) => !owesDecision(state, player));
}

function owesDecision(
  state: Playing,
  player: { readonly seatId: number; readonly bet: bigint; readonly hasActed: boolean },
): boolean {
  const others = livePlayers(state.hand).filter(({ seatId }) => seatId !== player.seatId);
  // Against opponents who are all-in, there is nothing to decide once their bets are matched.
  const isAlone = ablePlayers(state).length === 1;
  if (isAlone && others.every(({ bet }) => bet <= player.bet)) return false;
  return !player.hasActed || player.bet < state.hand.currentBet;
}

function openRound({ table, hand }: Playing): Playing['table'] {
  const fresh: Hand = {
    ...hand,
    street: NEXT_STREET[hand.street],
    players: hand.players.map((player) => ({ ...player, bet: 0n, hasActed: false, mayRaise: true })),
    currentBet: 0n,
    raiseMin: table.rules.bigBlind,
  };
  const able = ablePlayers({ table, hand: fresh });
  if (fresh.street === 'showdown' || able.length < 2) {
    // Nobody is left to bet against: the remaining cards are dealt, and the hands are shown.
    return { ...table, hand: { ...fresh, street: 'showdown', turnSeatId: undefined } };
  }
  const [first] = clockwiseFrom(able, hand.buttonSeatId);
  return { ...table, hand: { ...fresh, turnSeatId: first?.seatId } };
}
