import type { EscrowPolicy, PotKey } from '../tables/index.js';
import type { Details } from './details.js';

/** What may be asked about the chips on a table. */
export type TableCommand = CashOut | Contribute | ReturnContribution | SettlePot | CancelPot | SetTablePolicy;

export const CONTRIBUTION_TYPES = ['BLIND', 'ANTE', 'BET', 'CALL', 'RAISE'] as const;
export type ContributionType = (typeof CONTRIBUTION_TYPES)[number];

/** table -> account, in the account's currency. */
export interface CashOut {
  readonly kind: 'cash-out';
  readonly accountId: string;
  readonly tableId: string;
  /** Minor units; greater than zero. */
  readonly amount: bigint;
  readonly seatId?: number;
  /** The last hand that was played. */
  readonly handId?: string;
  readonly details: Details;
}

/** table -> pot, by one seat. */
export interface Contribute extends PotKey {
  readonly kind: 'contribute';
  readonly seatId: number;
  readonly accountId: string;
  /** Minor units; greater than zero. */
  readonly amount: bigint;
  readonly type: ContributionType;
  /** undefined: the pot's own, or the deployment's default for a new one. */
  readonly currency?: string;
  readonly details: Details;
}

/** pot -> table: an uncalled bet of one seat. */
export interface ReturnContribution extends PotKey {
  readonly kind: 'return-contribution';
  readonly seatId: number;
  /** Minor units; greater than zero. */
  readonly amount: bigint;
  readonly details: Details;
}

/** pot -> winners' accounts and the house, all or nothing. */
export interface SettlePot extends PotKey {
  readonly kind: 'settle-pot';
  readonly payout: Payout;
  /** Minor units, zero or more; undefined: as the deployment is configured. */
  readonly rake?: bigint;
  readonly details: Details;
}

/** Who gets what: by known amounts, or by the ranking of the hands that were shown. */
export type Payout =
  | { readonly kind: 'winners'; readonly winners: readonly PotWinner[] }
  | { readonly kind: 'showdown'; readonly hands: readonly ShownHand[] };

export interface PotWinner {
  readonly seatId: number;
  readonly accountId: string;
  /** Minor units; zero or more. */
  readonly amount: bigint;
}

export interface ShownHand {
  readonly seatId: number;
  readonly accountId: string;
  /** 1 is the best; equal hands have equal ranks. */
  readonly rank: number;
}

/** All contributions return to the table. */
export interface CancelPot extends PotKey {
  readonly kind: 'cancel-pot';
  readonly details: Details;
}

/** Chooses what happens to movements that the table's chips do not cover. */
export interface SetTablePolicy {
  readonly kind: 'set-table-policy';
  readonly tableId: string;
  readonly policy: EscrowPolicy;
  /** undefined: the deployment's default. */
  readonly currency?: string;
  readonly details: Details;
}
