import { availableBalance, type Account } from '../accounts/index.js';

export const RESERVATION_STATUSES = ['HELD', 'COMMITTED', 'RELEASED', 'EXPIRED'] as const;
export type ReservationStatus = (typeof RESERVATION_STATUSES)[number];

/** Where a commit moves the funds: out of the platform, to another account, or to a table. */
export type ReservationTarget =
  | { readonly kind: 'world' }
  | { readonly kind: 'account'; readonly accountId: string }
  | { readonly kind: 'table'; readonly tableId: string };

/** What of a reservation never changes: enough to know which accounts its commit moves. */
export interface ReservationTerms {
  /** With `sequence`: the fact that it was held by, from which its id is derived. */
  readonly bucket: number;
  readonly sequence: bigint;
  readonly reservationId: string;
  readonly accountId: string;
  readonly currency: string;
  /** Minor units; greater than zero. */
  readonly amount: bigint;
  readonly target: ReservationTarget;
}

/**
 * Funds of an account that are held for a while. It begins as HELD and ends once: COMMITTED, RELEASED or EXPIRED.
 * A value: every step makes a new one.
 */
export interface Reservation extends ReservationTerms {
  readonly status: ReservationStatus;
  /** Minor units that the commit moved; the rest went back. */
  readonly captured: bigint;
  readonly reference: string | null;
  /** Canonical JSON of an object. */
  readonly metadataJson: string;
  readonly createdAtMs: number;
  /** It has expired at this very instant. */
  readonly expiresAtMs: number;
  readonly resolvedAtMs: number | null;
  /** Of the commit. */
  readonly transactionId: string | null;
  /** Of the account, right after the last step: the answer to the step, given again as often as it is asked for. */
  readonly balanceAfter: bigint;
  readonly availableAfter: bigint;
}

/** True when its time is over, whether or not anybody has written that down yet. */
export function isDue(reservation: Reservation, nowMs: number): boolean {
  return reservation.status === 'HELD' && reservation.expiresAtMs <= nowMs;
}

/** The reservation as a reader sees it at an instant: expired by the clock. */
export function asOfClock(reservation: Reservation, nowMs: number): Reservation {
  if (!isDue(reservation, nowMs)) return reservation;
  return { ...reservation, status: 'EXPIRED', resolvedAtMs: reservation.expiresAtMs };
}

/** The account with `amount` minor units more held until `expiresAtMs`. */
export function withHold(account: Account, amount: bigint, expiresAtMs: number): Account {
  const next = account.nextExpiryAtMs;
  return {
    ...account,
    held: account.held + amount,
    nextExpiryAtMs: next === null ? expiresAtMs : Math.min(next, expiresAtMs),
  };
}

/** The account with `amount` minor units less held. */
export function withoutHold(account: Account, amount: bigint): Account {
  const held = account.held - amount;
  return { ...account, held, nextExpiryAtMs: held === 0n ? null : account.nextExpiryAtMs };
}

/** What a reservation remembers of its account after a step. */
export function balancesAfter(account: Account): Pick<Reservation, 'balanceAfter' | 'availableAfter'> {
  return { balanceAfter: account.balance, availableAfter: availableBalance(account) };
}
