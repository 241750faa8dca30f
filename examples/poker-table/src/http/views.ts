import { potOf, type Hand, type Seat, type Table } from '../game/index.js';
import type { DeskReceipt } from '../room/desk.js';
import type { StepOutcome } from '../room/dealer.js';
import type { TopUp } from '../room/room.js';

// What players see. JSON has numbers where the game has bigint: no amount is beyond 2^53 - 1.

export function tableView({ rules, seats, buttonSeatId, hand }: Table) {
  const { seatCount, ...blindsAndBuyIns } = rules;
  return {
    ...blindsAndBuyIns,
    seatCount,
    button: buttonSeatId ?? null,
    seats: seats.map(seatView),
    hand: hand === undefined ? null : handView(hand),
  };
}

function seatView({ seatId, userId, stack, autoTopUp, open }: Seat) {
  return { seat: seatId, userId, stack, autoTopUp, underWay: open?.kind ?? null };
}

function handView(hand: Hand) {
  const { handId, street, turnSeatId, currentBet, raiseMin, players } = hand;
  return {
    handId,
    street,
    pot: potOf(hand),
    turn: turnSeatId ?? null,
    currentBet,
    smallestRaiseTo: currentBet + raiseMin,
    players: players.map(({ seatId, contributed, bet, hasFolded }) => ({
      seat: seatId,
      contributed,
      bet,
      hasFolded,
    })),
  };
}

export function receiptView({ seatId, amount }: DeskReceipt) {
  return { seat: seatId, amount };
}

export function stepView({ handId, money, payouts, aborted }: StepOutcome, topUps: readonly TopUp[]) {
  return {
    handId,
    money,
    aborted: aborted ?? null,
    payouts: payouts.map(({ seatId, accountId, amount, newBalance }) => ({
      seat: seatId,
      userId: accountId,
      amount,
      newBalance,
    })),
    topUps: topUps.map(({ seatId, amount, isDone }) => ({ seat: seatId, amount, isDone })),
  };
}

/** To be given to `JSON.stringify`. */
export function jsonValue(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
