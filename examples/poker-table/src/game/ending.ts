import { livePlayers, playing, potOf, withoutHand } from './hand.js';
import type { Payout, Step } from './movement.js';
import { allowed, broken, type Ruled } from './rule.js';
import { addToStack, type Hand, type Table } from './table.js';

/** Who has won, as the game's own evaluation of the cards says. */
export type Showdown =
  | { readonly winners: readonly { readonly seatId: number; readonly amount: bigint }[] }
  | { readonly ranking: readonly { readonly seatId: number; readonly rank: number }[] };

/** The hands are shown: the pot goes to the winners' accounts. */
export function settleHand(table: Table, handId: string, showdown: Showdown): Ruled<Step> {
  const running = playing(table);
  if (!running.ok) return running;
  const { hand } = running.value;
  if (hand.handId !== handId) return broken('NO_HAND', `Hand ${handId} is not the running one`);
  if (hand.street !== 'showdown') {
    return broken('NOT_AT_SHOWDOWN', `Betting is not over: it is the turn of seat ${hand.turnSeatId ?? '-'}`);
  }
  const payout =
    'winners' in showdown ? byAmounts(hand, showdown.winners) : byRanking(hand, showdown.ranking);
  if (!payout.ok) return payout;
  // No stack changes here: the platform pays the pot to the winners' accounts. To play on with what was won, a
  // player buys it in like any other chips; counting it in the stack as well would create chips.
  const number = hand.movementCount + 1;
  return allowed(withoutHand(table, [{ kind: 'settle', handId, number, payout: payout.value }]));
}

/** The hand does not count: everybody has what they had before it. */
export function abortHand(table: Table, handId: string, reason: string): Ruled<Step> {
  const running = playing(table);
  if (!running.ok) return running;
  const { hand } = running.value;
  if (hand.handId !== handId) return broken('NO_HAND', `Hand ${handId} is not the running one`);
  const restored = hand.players.reduce(
    (restoring, { seatId, contributed }) => addToStack(restoring, seatId, contributed),
    table,
  );
  const number = hand.movementCount + 1;
  return allowed(withoutHand(restored, [{ kind: 'cancel', handId, number, reason }]));
}

function byAmounts(
  hand: Hand,
  winners: readonly { readonly seatId: number; readonly amount: bigint }[],
): Ruled<Payout> {
  const named = nameSeats(hand, winners);
  if (!named.ok) return named;
  const sum = winners.reduce((total, { amount }) => total + amount, 0n);
  if (sum !== potOf(hand) || winners.some(({ amount }) => amount <= 0n)) {
    return broken(
      'WINNERS_NOT_POSSIBLE',
      `The winners' amounts must be positive and sum to the pot: ${potOf(hand)}`,
    );
  }
  return allowed({ by: 'amounts', winners: named.value });
}

function byRanking(
  hand: Hand,
  ranking: readonly { readonly seatId: number; readonly rank: number }[],
): Ruled<Payout> {
  const named = nameSeats(hand, ranking);
  if (!named.ok) return named;
  if (ranking.length !== livePlayers(hand).length) {
    return broken(
      'WINNERS_NOT_POSSIBLE',
      'Rank every hand that was not folded: a missing one counts as folded',
    );
  }
  return allowed({ by: 'ranking', hands: named.value });
}

/** Every seat once, and only those who did not fold. */
function nameSeats<Entry extends { readonly seatId: number }>(
  hand: Hand,
  entries: readonly Entry[],
): Ruled<readonly (Entry & { readonly userId: string })[]> {
  const users = new Map(livePlayers(hand).map(({ seatId, userId }) => [seatId, userId]));
  const isOnce = new Set(entries.map(({ seatId }) => seatId)).size === entries.length;
  const named = entries.flatMap((entry) => {
    const userId = users.get(entry.seatId);
    return userId === undefined ? [] : [{ ...entry, userId }];
  });
  if (!isOnce || named.length === 0 || named.length < entries.length) {
    const seats = [...users.keys()].join(', ');
    return broken(
      'WINNERS_NOT_POSSIBLE',
      `Name each winner once, out of the seats that did not fold: ${seats}`,
    );
  }
  return allowed(named);
}
