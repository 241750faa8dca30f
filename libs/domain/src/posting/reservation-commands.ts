import type { ReservationTarget, ReservationTerms } from '../reservations/index.js';
import type { Details } from './details.js';

/** What may be asked about funds that are held. */
export type ReservationCommand =
  Reserve | CommitReservation | ReleaseReservation | ExtendReservation | ExpireReservations;

/** Holds funds of an account for a while. */
export interface Reserve {
  readonly kind: 'reserve';
  readonly accountId: string;
  /** Minor units; greater than zero. */
  readonly amount: bigint;
  readonly target: ReservationTarget;
  /** undefined: the deployment's default. */
  readonly timeoutMs?: number;
  readonly reference: string | null;
  readonly details: Details;
}

/** Moves what is held, or a part of it, to the reservation's target; the rest is released. */
export interface CommitReservation {
  readonly kind: 'commit-reservation';
  readonly reservation: ReservationTerms;
  /** Minor units, greater than zero; undefined: all of it. */
  readonly amount?: bigint;
  readonly details: Details;
}

/** Gives the funds back to the account's available balance. */
export interface ReleaseReservation {
  readonly kind: 'release-reservation';
  readonly reservation: ReservationTerms;
  readonly details: Details;
}

/** A new time to live, counted from now. */
export interface ExtendReservation {
  readonly kind: 'extend-reservation';
  readonly reservation: ReservationTerms;
  readonly timeoutMs: number;
  readonly details: Details;
}

/**
 * Writes down what the clock has decided already: every batch does so for the accounts it touches, and this command
 * touches one for nothing else.
 */
export interface ExpireReservations {
  readonly kind: 'expire-reservations';
  readonly accountId: string;
  readonly details: Details;
}
