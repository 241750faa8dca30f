import type { balanceV1 } from '@steelyard/contracts/grpc';
import { isSelfCaller, type AccessRule, type AccountAccess, type Caller } from '@steelyard/rest/access';
import { isRefused, refused, type Refused } from '@steelyard/rest/refusals';
import type { ReservationsPort } from '../ports/reservations.port.js';

/** The same for a reservation that does not exist and for somebody else's. */
const FORBIDDEN = refused('FORBIDDEN', 'You may not do this');

/** Decides who reaches which reservation: whoever reaches the account whose funds are held. */
export class ReservationAccess {
  constructor(
    private readonly reservations: ReservationsPort,
    private readonly access: AccountAccess,
  ) {}

  /** FORBIDDEN unless the rule lets the caller reach it. Callers with a role are decided without reading. */
  async reach(rule: AccessRule, caller: Caller, reservationId: string): Promise<Refused | undefined> {
    const denied = this.access.enter(rule, caller);
    if (denied || !isSelfCaller(caller)) return denied;
    const found = await this.find(rule, caller, reservationId);
    return isRefused(found) ? found : undefined;
  }

  /** The reservation, if the rule lets the caller reach it. */
  async find(
    rule: AccessRule,
    caller: Caller,
    reservationId: string,
  ): Promise<balanceV1.Reservation | Refused> {
    const denied = this.access.enter(rule, caller);
    if (denied) return denied;
    const reservation = await this.reservations.get(reservationId);
    if (isRefused(reservation)) {
      return reservation.code === 'RESERVATION_NOT_FOUND' && isSelfCaller(caller) ? FORBIDDEN : reservation;
    }
    return (await this.access.reach(rule, caller, reservation.accountId)) ?? reservation;
  }
}
