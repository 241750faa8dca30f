import type { balanceV1 } from '@steelyard/contracts/grpc';
import { ACCESS, type Caller } from '@steelyard/rest/access';
import type { Refused } from '@steelyard/rest/refusals';
import type { ReservationsPort } from '../ports/reservations.port.js';
import type { ReservationAccess } from './reservation-access.js';

/** Reads reservations. */
export class ReadReservationsHandler {
  constructor(
    private readonly reservations: ReservationsPort,
    private readonly access: ReservationAccess,
  ) {}

  /** One reservation. A caller without a role must own its account, and cannot tell why it may not. */
  one(caller: Caller, reservationId: string): Promise<balanceV1.Reservation | Refused> {
    return this.access.find(ACCESS.readReservation, caller, reservationId);
  }

  /** The reservations of one account, newest first. */
  list(request: balanceV1.ListReservationsRequest): Promise<balanceV1.ListReservationsResponse | Refused> {
    return this.reservations.list(request);
  }
}
