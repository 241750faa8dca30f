import { parseId, transactionIdOf } from '@steelyard/domain/posting';
import type { Reservation, ReservationStatus, ReservationTarget } from '@steelyard/domain/reservations';
import { invariant } from '@steelyard/domain/result';
import { toMs } from './account-row.js';

/** A row of balance.reservations as the driver gives it. */
export interface ReservationRow {
  bucket: number;
  sequence: bigint;
  account_id: string;
  currency: string;
  status: number;
  amount: bigint;
  captured: bigint;
  target_kind: number;
  target: string | null;
  reference: string | null;
  metadata: string;
  created_at_ms: bigint;
  expires_at_ms: bigint;
  resolved_at_ms: bigint | null;
  transaction_sequence: bigint | null;
  balance_after: bigint;
  available_after: bigint;
}

/** Of `reservation`, in a select. */
export const RESERVATION_COLUMNS = `
  reservation.bucket, reservation.sequence, reservation.account_id, reservation.currency, reservation.status,
  reservation.amount, reservation.captured, reservation.target_kind, reservation.target, reservation.reference,
  reservation.metadata, reservation.created_at_ms, reservation.expires_at_ms, reservation.resolved_at_ms,
  reservation.transaction_sequence, reservation.balance_after, reservation.available_after`;

/** The number under which a status is stored. */
export const RESERVATION_STATUS_NUMBERS: Readonly<Record<ReservationStatus, number>> = {
  HELD: 1,
  COMMITTED: 2,
  RELEASED: 3,
  EXPIRED: 4,
};
const STATUSES: Readonly<Record<number, ReservationStatus>> = {
  1: 'HELD',
  2: 'COMMITTED',
  3: 'RELEASED',
  4: 'EXPIRED',
};
const TARGET_NUMBERS: Readonly<Record<ReservationTarget['kind'], number>> = {
  world: 1,
  account: 2,
  table: 3,
};

export function reservationOfRow(row: ReservationRow): Reservation {
  const { bucket, sequence } = row;
  const status = STATUSES[row.status];
  invariant(status, `reservation row: unknown status ${row.status}`);
  const createdAtMs = toMs(row.created_at_ms);
  const resolvedAtMs = row.resolved_at_ms === null ? null : toMs(row.resolved_at_ms);
  return {
    bucket,
    sequence,
    reservationId: transactionIdOf({ bucket, sequence }, createdAtMs),
    accountId: row.account_id,
    currency: row.currency,
    amount: row.amount,
    target: targetOf(row),
    status,
    captured: row.captured,
    reference: row.reference,
    metadataJson: row.metadata,
    createdAtMs,
    expiresAtMs: toMs(row.expires_at_ms),
    resolvedAtMs,
    transactionId: commitIdOf(row, resolvedAtMs),
    balanceAfter: row.balance_after,
    availableAfter: row.available_after,
  };
}

function targetOf({ target_kind: kind, target }: ReservationRow): ReservationTarget {
  if (kind === TARGET_NUMBERS.world) return { kind: 'world' };
  invariant(target !== null, 'reservation row: its target has no name');
  return kind === TARGET_NUMBERS.account
    ? { kind: 'account', accountId: target }
    : { kind: 'table', tableId: target };
}

/** A commit is resolved by its transaction, at the same time: that makes the transaction's id. */
function commitIdOf(row: ReservationRow, resolvedAtMs: number | null): string | null {
  if (row.transaction_sequence === null || resolvedAtMs === null) return null;
  return transactionIdOf({ bucket: row.bucket, sequence: row.transaction_sequence }, resolvedAtMs);
}

/** Whole rows as JSON for jsonb_populate_recordset; amounts as texts of digits, which it reads exactly. */
export function reservationRowsJson(reservations: readonly Reservation[]): string {
  return JSON.stringify(reservations.map(rowMembers));
}

function rowMembers(reservation: Reservation): Record<keyof ReservationRow, string | number | null> {
  const { target, transactionId } = reservation;
  return {
    bucket: reservation.bucket,
    sequence: reservation.sequence.toString(),
    account_id: reservation.accountId,
    currency: reservation.currency,
    status: RESERVATION_STATUS_NUMBERS[reservation.status],
    amount: reservation.amount.toString(),
    captured: reservation.captured.toString(),
    target_kind: TARGET_NUMBERS[target.kind],
    target: target.kind === 'account' ? target.accountId : target.kind === 'table' ? target.tableId : null,
    reference: reservation.reference,
    metadata: reservation.metadataJson,
    created_at_ms: reservation.createdAtMs,
    expires_at_ms: reservation.expiresAtMs,
    resolved_at_ms: reservation.resolvedAtMs,
    transaction_sequence: transactionId === null ? null : sequenceOf(transactionId),
    balance_after: reservation.balanceAfter.toString(),
    available_after: reservation.availableAfter.toString(),
  };
}

function sequenceOf(transactionId: string): string {
  const key = parseId(transactionId);
  invariant(key, 'a commit has the id of its transaction');
  return key.sequence.toString();
}
