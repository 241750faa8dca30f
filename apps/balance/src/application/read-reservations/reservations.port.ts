import type { FactKey } from '@steelyard/domain/posting';
import type { Reservation, ReservationStatus } from '@steelyard/domain/reservations';

/** Which of an account's reservations are wanted. */
export interface ReservationQuery {
  readonly bucket: number;
  readonly accountId: string;
  /** By the clock of `nowMs`; undefined: all of them. */
  readonly status?: ReservationStatus;
  readonly limit: number;
  /** Only those with a smaller sequence. */
  readonly before?: bigint;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly nowMs: number;
}

/** Reads of committed reservations, as stored: one that is due may still be HELD. */
export abstract class Reservations {
  /** The one that the fact with this key held; undefined when there is none. Throws OutageError. */
  abstract find(key: FactKey): Promise<Reservation | undefined>;
  /** Newest first. Throws OutageError. */
  abstract list(query: ReservationQuery): Promise<readonly Reservation[]>;
}
