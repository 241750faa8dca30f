import type { balanceV1 } from '@steelyard/contracts/grpc';
import { parseAccountId, parseName } from '@steelyard/domain/accounts';
import { RESERVATION_STATUSES } from '@steelyard/domain/reservations';
import type { ReservationListRequest } from '../application/read-reservations/read-reservations.handler.js';
import { decodeCurrency } from './decode-parts.js';
import { granted, RefusedRpcError } from './refused-rpc-error.js';
import { decodeReservationCursor } from './reservation-cursor.js';

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 500;

/** Which reservations to list. Throws RefusedRpcError for a malformed request. */
export function decodeListReservations(wire: balanceV1.ListReservationsRequest): ReservationListRequest {
  const accountId = granted(parseAccountId(wire.accountId));
  const { limit, cursor } = wire;
  if (limit > LIMIT_MAX) {
    throw new RefusedRpcError('INVALID_REQUEST', `limit must be between 1 and ${LIMIT_MAX}`);
  }
  const status = RESERVATION_STATUSES.find((known) => known === wire.status);
  if (status === undefined && wire.status !== '') {
    const message = `status must be one of ${RESERVATION_STATUSES.join(', ')}`;
    throw new RefusedRpcError('INVALID_REQUEST', message);
  }
  const before = cursor === '' ? undefined : decodeReservationCursor(cursor, accountId);
  if (before === undefined && cursor !== '') {
    throw new RefusedRpcError('INVALID_CURSOR', 'cursor is none that this list returned');
  }
  return {
    accountId,
    limit: limit === 0 ? LIMIT_DEFAULT : limit,
    ...(status !== undefined && { status }),
    ...(before !== undefined && { before }),
  };
}

/** Which table, and in which currency if not the default. Throws RefusedRpcError for a malformed request. */
export function decodeGetTable(wire: balanceV1.GetTableRequest): { tableId: string; currency?: string } {
  const tableId = granted(parseName(wire.tableId, 'tableId'));
  return { tableId, ...granted(decodeCurrency(wire)) };
}
