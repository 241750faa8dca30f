import { advance } from './betting-round.js';
import { playing, putIn, withPlayer, type Playing } from './hand.js';
import type { Contribution, Step } from './movement.js';
import { allowed, broken, type Ruled } from './rule.js';
import { type Hand, type Player, seatOf, type Table } from './table.js';

export type Action =
  | { readonly action: 'fold' | 'check' | 'call' | 'all-in' }
  /** How many chips. */
  | { readonly action: 'bet'; readonly amount: bigint }
  /** To how many chips in this betting round, those put in before included. */
  | { readonly action: 'raise'; readonly amount: bigint };

interface Turn extends Playing {
  readonly player: Player;
  readonly stack: bigint;
  /** How much the player is behind the current bet. */
  readonly toCall: bigint;
}

/** The seat whose turn it is acts. */
export function act(table: Table, handId: string, move: Action & { readonly seatId: number }): Ruled<Step> {
  const turn = turnOf(table, handId, move.seatId);
  if (!turn.ok) return turn;
  if (move.action === 'fold') return allowed(fold(turn.value));
  const amount = chipsFor(turn.value, move);
  if (!amount.ok) return amount;
  return allowed(amount.value === 0n ? check(turn.value) : bet(turn.value, amount.value));
}

function turnOf(table: Table, handId: string, seatId: number): Ruled<Turn> {
  const running = playing(table);
  if (!running.ok) return running;
  const { hand } = running.value;
  if (hand.handId !== handId) return broken('NO_HAND', `Hand ${handId} is not the running one`);
  const player = hand.players.find((dealt) => dealt.seatId === seatId);
  const stack = seatOf(table, seatId)?.stack;
  if (hand.turnSeatId !== seatId || player === undefined || stack === undefined) {
    return broken('NOT_YOUR_TURN', whoseTurn(hand));
  }
  const behind = hand.currentBet - player.bet;
  return allowed({ table, hand, player, stack, toCall: behind < 0n ? 0n : behind });
}

function whoseTurn({ turnSeatId }: Hand): string {
  return turnSeatId === undefined
    ? 'The betting is over; show the hands'
    : `It is the turn of seat ${turnSeatId}`;
}

/** How many chips an action puts in, if it is possible. */
function chipsFor(turn: Turn, move: Action): Ruled<bigint> {
  const { toCall, stack, hand, player } = turn;
  switch (move.action) {
    case 'fold':
      return allowed(0n);
    case 'check':
      if (toCall > 0n) return broken('ACTION_NOT_POSSIBLE', `${toCall} to call: call, raise or fold`);
      return allowed(0n);
    case 'call':
      if (toCall === 0n) return broken('ACTION_NOT_POSSIBLE', 'There is nothing to call: check or bet');
      return allowed(toCall < stack ? toCall : stack);
    case 'bet':
      if (hand.currentBet > 0n) return broken('ACTION_NOT_POSSIBLE', 'There is a bet already: call or raise');
      return checkRaise(turn, move.amount);
    case 'raise':
      if (hand.currentBet === 0n) return broken('ACTION_NOT_POSSIBLE', 'There is nothing to raise: bet');
      return checkRaise(turn, move.amount - player.bet);
    case 'all-in':
      return stack > toCall ? checkRaise(turn, stack) : allowed(stack);
  }
}

/** Bets and raises are full ones, or all-in. */
function checkRaise({ hand, player, stack }: Turn, chips: bigint): Ruled<bigint> {
  const target = player.bet + chips;
  const smallest = hand.currentBet + hand.raiseMin;
  if (chips > stack) {
    return broken('AMOUNT_NOT_POSSIBLE', `Seat ${player.seatId} has ${stack} chips`);
  }
  if (target <= hand.currentBet || (target < smallest && chips < stack)) {
    return broken('AMOUNT_NOT_POSSIBLE', `The smallest possible bet is ${smallest} in this round, or all-in`);
  }
  if (!player.mayRaise) {
    return broken('ACTION_NOT_POSSIBLE', 'The last raise was not a full one: call or fold');
  }
  return allowed(chips);
}

function fold({ table, hand, player }: Turn): Step {
  const folded = withPlayer(hand, { ...player, hasFolded: true, hasActed: true });
  return advance({ table: { ...table, hand: folded }, hand: folded }, player.seatId);
}

function check({ table, hand, player }: Turn): Step {
  const checked = withPlayer(hand, { ...player, hasActed: true, mayRaise: false });
  return advance({ table: { ...table, hand: checked }, hand: checked }, player.seatId);
}

function bet(turn: Turn, amount: bigint): Step {
  const { player } = turn;
  const { table, hand, movement } = putIn(turn, player, { amount, type: typeOf(turn, amount) });
  const raised = afterBet(hand, player.seatId);
  const { table: advanced, movements } = advance(
    { table: { ...table, hand: raised }, hand: raised },
    player.seatId,
  );
  return { table: advanced, movements: [movement, ...movements] };
}

function typeOf({ toCall, hand }: Turn, amount: bigint): Contribution['type'] {
  if (toCall > 0n && amount <= toCall) return 'CALL';
  return hand.currentBet === 0n ? 'BET' : 'RAISE';
}

/** What the others may do now. */
function afterBet(hand: Hand, seatId: number): Hand {
  const target = hand.players.find((player) => player.seatId === seatId)?.bet ?? 0n;
  const raisedBy = target - hand.currentBet;
  const isFullRaise = raisedBy >= hand.raiseMin;
  const players = hand.players.map((player) => {
    if (player.seatId === seatId) return { ...player, hasActed: true, mayRaise: false };
    if (raisedBy <= 0n) return player;
    return { ...player, hasActed: false, mayRaise: player.mayRaise || isFullRaise };
  });
  return {
    ...hand,
    players,
    currentBet: raisedBy > 0n ? target : hand.currentBet,
    raiseMin: isFullRaise ? raisedBy : hand.raiseMin,
  };
}
