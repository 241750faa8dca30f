import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { Reservation, ReservationTarget } from '@steelyard/domain/reservations';

/** A reservation for the wire. */
export function encodeReservation(reservation: Reservation): balanceV1.Reservation {
  const { resolvedAtMs, target } = reservation;
  return {
    reservationId: reservation.reservationId,
    accountId: reservation.accountId,
    currency: reservation.currency,
    status: reservation.status,
    amount: reservation.amount,
    captured: reservation.captured,
    target: encodeTarget(target),
    reference: reservation.reference ?? '',
    metadataJson: reservation.metadataJson,
    createdAtMs: BigInt(reservation.createdAtMs),
    expiresAtMs: BigInt(reservation.expiresAtMs),
    resolvedAtMs: resolvedAtMs === null ? undefined : BigInt(resolvedAtMs),
    transactionId: reservation.transactionId ?? '',
    balanceAfter: reservation.balanceAfter,
    availableAfter: reservation.availableAfter,
  };
}

function encodeTarget(target: ReservationTarget): balanceV1.Reservation['target'] {
  switch (target.kind) {
    case 'world':
      return undefined;
    case 'account':
      return { $case: 'toAccountId', value: target.accountId };
    case 'table':
      return { $case: 'tableId', value: target.tableId };
  }
}
