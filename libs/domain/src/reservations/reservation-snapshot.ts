import type { JsonObject, JsonValue } from '../ledger-chain/index.js';
import { invariant } from '../result/index.js';
import {
  RESERVATION_STATUSES,
  type Reservation,
  type ReservationStatus,
  type ReservationTarget,
} from './reservation.js';

/** A reservation as JSON, for facts and frozen answers. Amounts are texts of digits: exact for every reader. */
export function reservationToJson(reservation: Reservation): JsonObject {
  return {
    ...reservation,
    sequence: reservation.sequence.toString(),
    amount: reservation.amount.toString(),
    captured: reservation.captured.toString(),
    target: { ...reservation.target },
    balanceAfter: reservation.balanceAfter.toString(),
    availableAfter: reservation.availableAfter.toString(),
  };
}

/** The reservation that {@link reservationToJson} wrote. Anything else is a bug or a damaged row. */
export function reservationFromJson(json: JsonObject): Reservation {
  return {
    bucket: integer(json, 'bucket'),
    sequence: BigInt(text(json, 'sequence')),
    reservationId: text(json, 'reservationId'),
    accountId: text(json, 'accountId'),
    currency: text(json, 'currency'),
    amount: BigInt(text(json, 'amount')),
    target: reservationTargetFromJson(json['target']),
    status: statusOf(json['status']),
    captured: BigInt(text(json, 'captured')),
    reference: orNull(json, 'reference', text),
    metadataJson: text(json, 'metadataJson'),
    createdAtMs: integer(json, 'createdAtMs'),
    expiresAtMs: integer(json, 'expiresAtMs'),
    resolvedAtMs: orNull(json, 'resolvedAtMs', integer),
    transactionId: orNull(json, 'transactionId', text),
    balanceAfter: BigInt(text(json, 'balanceAfter')),
    availableAfter: BigInt(text(json, 'availableAfter')),
  };
}

/** The target out of its JSON. */
export function reservationTargetFromJson(json: JsonValue | undefined): ReservationTarget {
  invariant(typeof json === 'object' && json !== null && 'kind' in json, 'reservation: no target');
  if (json['kind'] === 'account') return { kind: 'account', accountId: text(json, 'accountId') };
  if (json['kind'] === 'table') return { kind: 'table', tableId: text(json, 'tableId') };
  invariant(json['kind'] === 'world', 'reservation: unknown target');
  return { kind: 'world' };
}

function statusOf(value: JsonValue | undefined): ReservationStatus {
  const status = RESERVATION_STATUSES.find((known) => known === value);
  invariant(status, 'reservation: status is unknown');
  return status;
}

function orNull<Value>(
  json: JsonObject,
  name: string,
  read: (json: JsonObject, name: string) => Value,
): Value | null {
  return json[name] === null ? null : read(json, name);
}

function text(json: JsonObject, name: string): string {
  const value = json[name];
  invariant(typeof value === 'string', `reservation: ${name} is not a text`);
  return value;
}

function integer(json: JsonObject, name: string): number {
  const value = json[name];
  invariant(typeof value === 'number', `reservation: ${name} is not a number`);
  return value;
}
