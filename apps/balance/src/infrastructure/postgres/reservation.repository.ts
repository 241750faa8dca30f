import type { QueryConfig } from 'pg';
import type { FactKey } from '@steelyard/domain/posting';
import type { Reservation } from '@steelyard/domain/reservations';
import type { Pool } from '@steelyard/platform/postgres';
import {
  Reservations,
  type ReservationQuery,
} from '../../application/read-reservations/reservations.port.js';
import { RESERVATION_STATUS_NUMBERS, reservationOfRow, type ReservationRow } from './reservation-row.js';
import * as sql from './reservation.sql.js';

/** Above every sequence: the page that has none before it. */
const NO_SEQUENCE_YET = 9_223_372_036_854_775_807n;

export class ReservationRepository extends Reservations {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    super();
    this.#pool = pool;
  }

  async find({ bucket, sequence }: FactKey): Promise<Reservation | undefined> {
    const values = [bucket, sequence];
    const { rows } = await this.#pool.query<ReservationRow>({ ...sql.READ_RESERVATION, values });
    return rows.map(reservationOfRow)[0];
  }

  async list(query: ReservationQuery): Promise<readonly Reservation[]> {
    const { rows } = await this.#pool.query<ReservationRow>(statementOf(query));
    return rows.map(reservationOfRow);
  }
}

function statementOf(query: ReservationQuery): QueryConfig {
  const { bucket, accountId, status, limit, before = NO_SEQUENCE_YET, nowMs } = query;
  const values = [bucket, accountId, before, limit];
  if (status === undefined) return { ...sql.LIST_RESERVATIONS, values };
  switch (status) {
    case 'HELD':
      return { ...sql.LIST_HELD_RESERVATIONS, values: [...values, nowMs] };
    case 'EXPIRED':
      return { ...sql.LIST_EXPIRED_RESERVATIONS, values: [...values, nowMs] };
    case 'COMMITTED':
    case 'RELEASED':
      return { ...sql.LIST_ENDED_RESERVATIONS, values: [...values, RESERVATION_STATUS_NUMBERS[status]] };
  }
}
