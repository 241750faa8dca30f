import type { balanceV1 } from '@steelyard/contracts/grpc';
import { invariant } from '@steelyard/domain/result';
import type { BalanceRpc } from '@steelyard/rest/balance';
import { orRefusal, type Refused } from '@steelyard/rest/refusals';
import { ReservationsPort } from '../../application/ports/reservations.port.js';

/** Reservations of the balance app over gRPC or NATS, whichever the client speaks. */
export class RpcReservationsClient extends ReservationsPort {
  constructor(private readonly rpc: BalanceRpc) {
    super();
  }

  get(reservationId: string): Promise<balanceV1.Reservation | Refused> {
    return orRefusal('RESERVATION_NOT_FOUND', async () => {
      const { reservation } = await this.rpc.call('getReservation', { reservationId });
      invariant(reservation, 'the balance app answers with the reservation');
      return reservation;
    });
  }

  list(request: balanceV1.ListReservationsRequest): Promise<balanceV1.ListReservationsResponse | Refused> {
    return orRefusal('ACCOUNT_NOT_FOUND', () => this.rpc.call('listReservations', request));
  }
}
