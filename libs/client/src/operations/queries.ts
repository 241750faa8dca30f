import type {
  Account,
  Balance,
  Pot,
  Reservation,
  ReservationPage,
  ReservationStatus,
  Table,
} from './values.js';

export interface ListReservationsInput {
  readonly accountId: string;
  readonly status?: ReservationStatus | undefined;
  /** 1 to 500. */
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** Every read by its kind. */
export interface Queries {
  readonly account: { readonly accountId: string };
  readonly balance: { readonly accountId: string };
  readonly reservation: { readonly reservationId: string };
  readonly reservations: ListReservationsInput;
  readonly pot: { readonly tableId: string; readonly handId: string };
  readonly table: { readonly tableId: string };
}

export type QueryKind = keyof Queries;

export interface QueryValues extends Readonly<Record<QueryKind, unknown>> {
  readonly account: Account;
  readonly balance: Balance;
  readonly reservation: Reservation;
  readonly reservations: ReservationPage;
  readonly pot: Pot;
  readonly table: Table;
}
