import type { Contribution, ReturnedBet, Step } from './movement.js';
import { allowed, broken, type Ruled } from './rule.js';
import { addToStack, seatOf, type Hand, type Player, type Table } from './table.js';

/** A table on which a hand is running. */
export interface Playing {
  readonly table: Table;
  readonly hand: Hand;
}

export function playing(table: Table): Ruled<Playing> {
  const { hand } = table;
  return hand === undefined ? broken('NO_HAND', 'No hand is running; start one') : allowed({ table, hand });
}

export function potOf(hand: Hand): bigint {
  return hand.players.reduce((sum, { contributed }) => sum + contributed, 0n);
}

export function livePlayers(hand: Hand): readonly Player[] {
  return hand.players.filter(({ hasFolded }) => !hasFolded);
}

/** Those who still have a decision to make: not folded, not all-in. */
export function ablePlayers({ table, hand }: Playing): readonly Player[] {
  return livePlayers(hand).filter(({ seatId }) => (seatOf(table, seatId)?.stack ?? 0n) > 0n);
}

export function withPlayer(hand: Hand, changed: Player): Hand {
  return {
    ...hand,
    players: hand.players.map((player) => (player.seatId === changed.seatId ? changed : player)),
  };
}

/** Chips go from the seat's stack into the pot. */
export function putIn(
  { table, hand }: Playing,
  player: Player,
  { amount, type }: Pick<Contribution, 'amount' | 'type'>,
): Playing & { readonly movement: Contribution } {
  const { seatId, userId } = player;
  const number = hand.movementCount + 1;
  const raised = { ...player, contributed: player.contributed + amount, bet: player.bet + amount };
  const nextHand = { ...withPlayer(hand, raised), movementCount: number };
  return {
    table: { ...addToStack(table, seatId, -amount), hand: nextHand },
    hand: nextHand,
    movement: { kind: 'contribute', handId: hand.handId, number, seatId, userId, amount, type },
  };
}

/** The betting round is over: what only one player has put in and nobody matched goes back to the stack. */
export function returnUncalled({
  table,
  hand,
}: Playing): Playing & { readonly movements: readonly ReturnedBet[] } {
  const [first, second] = [...hand.players].sort(byContribution);
  const amount = (first?.contributed ?? 0n) - (second?.contributed ?? 0n);
  if (first === undefined || amount === 0n) return { table, hand, movements: [] };
  const { seatId, userId, contributed } = first;
  const number = hand.movementCount + 1;
  const lowered = { ...first, contributed: contributed - amount };
  const nextHand = { ...withPlayer(hand, lowered), movementCount: number };
  return {
    table: { ...addToStack(table, seatId, amount), hand: nextHand },
    hand: nextHand,
    movements: [{ kind: 'return', handId: hand.handId, number, seatId, userId, amount }],
  };
}

function byContribution(a: Player, b: Player): number {
  if (a.contributed === b.contributed) return 0;
  return a.contributed < b.contributed ? 1 : -1;
}

/** The hand is over and its players may go. */
export function withoutHand(table: Table, movements: Step['movements']): Step {
  return { table: { ...table, hand: undefined }, movements };
}
