import type {
  Command,
  CommitReservation,
  Details,
  ExtendReservation,
  ReleaseReservation,
  Reverse,
} from '@steelyard/domain/posting';
import type { Refusal } from '@steelyard/domain/result';

/** A reversal as a caller asks for it; the transaction is looked up before the engine gets it. */
export interface ReverseById {
  readonly kind: 'reverse-by-id';
  readonly transactionId: string;
  readonly amount?: bigint;
  readonly details: Details;
}

/** A step of a reservation as a caller asks for it; the reservation's terms are looked up first, likewise. */
export type ReservationStepById = CommitReservationById | ReleaseReservationById | ExtendReservationById;

export interface CommitReservationById {
  readonly kind: 'commit-reservation-by-id';
  readonly reservationId: string;
  readonly amount?: bigint;
  readonly details: Details;
}

export interface ReleaseReservationById {
  readonly kind: 'release-reservation-by-id';
  readonly reservationId: string;
  readonly details: Details;
}

export interface ExtendReservationById {
  readonly kind: 'extend-reservation-by-id';
  readonly reservationId: string;
  readonly timeoutMs: number;
  readonly details: Details;
}

/** What names by an id something that was committed before. */
export type CommandById = ReverseById | ReservationStepById;

/** What can be prepared as it is. */
export type WholeCommand = Exclude<
  Command,
  Reverse | CommitReservation | ReleaseReservation | ExtendReservation
>;

/** One command of a request, its form checked: a malformed one is already its refusal. */
export interface CommandRequest {
  readonly command: WholeCommand | CommandById | Refusal;
  readonly idempotencyKey: string | null;
  /** 0: stands alone; commands with the same other number are applied all or none. */
  readonly atomicGroup: number;
  readonly isDryRun: boolean;
}
