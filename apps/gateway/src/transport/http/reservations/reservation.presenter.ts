import type { balanceV1 } from '@steelyard/contracts/grpc';
import { isoInstant, RawJson, type Reply } from '@steelyard/rest/replies';

/** A reservation as it was right after its last step. */
export function presentReservation(reservation: balanceV1.Reservation): Reply {
  const { target, resolvedAtMs } = reservation;
  return {
    reservationId: reservation.reservationId,
    accountId: reservation.accountId,
    currency: reservation.currency,
    status: reservation.status,
    amount: reservation.amount,
    captured: reservation.captured,
    toAccountId: target?.$case === 'toAccountId' ? target.value : null,
    tableId: target?.$case === 'tableId' ? target.value : null,
    reference: reservation.reference === '' ? null : reservation.reference,
    metadata: new RawJson(reservation.metadataJson === '' ? '{}' : reservation.metadataJson),
    createdAt: isoInstant(reservation.createdAtMs),
    expiresAt: isoInstant(reservation.expiresAtMs),
    resolvedAt: resolvedAtMs === undefined ? null : isoInstant(resolvedAtMs),
    transactionId: reservation.transactionId === '' ? null : reservation.transactionId,
    balanceAfter: reservation.balanceAfter,
    availableBalance: reservation.availableAfter,
  };
}

/** A page of an account's reservations. */
export function presentReservations(page: balanceV1.ListReservationsResponse): Reply {
  return {
    reservations: page.reservations.map(presentReservation),
    nextCursor: page.nextCursor === '' ? null : page.nextCursor,
  };
}
