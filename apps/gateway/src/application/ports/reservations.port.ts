import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { Refused } from '@steelyard/rest/refusals';

/** Reads of held funds. Throws an outage when the balance app cannot answer; a refusal is a value. */
export abstract class ReservationsPort {
  abstract get(reservationId: string): Promise<balanceV1.Reservation | Refused>;
  /** Of one account, newest first. */
  abstract list(
    request: balanceV1.ListReservationsRequest,
  ): Promise<balanceV1.ListReservationsResponse | Refused>;
}
