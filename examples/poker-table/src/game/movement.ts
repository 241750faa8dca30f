import type { Table } from './table.js';

interface InHand {
  readonly handId: string;
  /** Within the hand, from 1. With the hand's id it makes the idempotency key: a retry never pays twice. */
  readonly number: number;
}

export interface Contribution extends InHand {
  readonly kind: 'contribute';
  readonly seatId: number;
  readonly userId: string;
  readonly amount: bigint;
  readonly type: 'BLIND' | 'BET' | 'CALL' | 'RAISE';
}

/** Nobody called this part of a bet. */
export interface ReturnedBet extends InHand {
  readonly kind: 'return';
  readonly seatId: number;
  readonly userId: string;
  readonly amount: bigint;
}

export interface PotWinner {
  readonly seatId: number;
  readonly userId: string;
  readonly amount: bigint;
}

export interface RankedHand {
  readonly seatId: number;
  readonly userId: string;
  /** 1 is the best; equal hands have equal ranks. */
  readonly rank: number;
}

/** Either the amounts are known, or the ranking is and the platform divides main and side pots. */
export type Payout =
  | { readonly by: 'amounts'; readonly winners: readonly PotWinner[] }
  | { readonly by: 'ranking'; readonly hands: readonly RankedHand[] };

export interface Settlement extends InHand {
  readonly kind: 'settle';
  readonly payout: Payout;
}

export interface Cancellation extends InHand {
  readonly kind: 'cancel';
  readonly reason: string;
}

/** What the platform has to move because of the game, in order. */
export type Movement = Contribution | ReturnedBet | Settlement | Cancellation;

/** What a move of the game comes to. */
export interface Step {
  readonly table: Table;
  readonly movements: readonly Movement[];
}
