import type {
  Answer,
  CommitReservation,
  ExpireReservations,
  ExtendReservation,
  ReleaseReservation,
  Reserve,
} from '../../src/posting/index.js';
import type { Reservation, ReservationTerms } from '../../src/reservations/index.js';

/** A hold of `amount` that a commit pays out to the world. */
export function reserve(accountId: string, amount: bigint, changes: Partial<Reserve> = {}): Reserve {
  return {
    kind: 'reserve',
    accountId,
    amount,
    target: { kind: 'world' },
    reference: null,
    details: {},
    ...changes,
  };
}

/** A hold of `amount` that a commit transfers to another account. */
export function reserveFor(
  [accountId, toAccountId]: readonly [string, string],
  amount: bigint,
  changes: Partial<Reserve> = {},
): Reserve {
  return reserve(accountId, amount, { target: { kind: 'account', accountId: toAccountId }, ...changes });
}

/** A hold of `amount` that a commit takes to a table. */
export function reserveBuyIn(
  [accountId, tableId]: readonly [string, string],
  amount: bigint,
  changes: Partial<Reserve> = {},
): Reserve {
  return reserve(accountId, amount, { target: { kind: 'table', tableId }, ...changes });
}

/** The commit of all, or of `amount`. */
export function commit(reservation: ReservationTerms, amount?: bigint): CommitReservation {
  return {
    kind: 'commit-reservation',
    reservation,
    ...(amount !== undefined && { amount }),
    details: {},
  };
}

export function release(reservation: ReservationTerms): ReleaseReservation {
  return { kind: 'release-reservation', reservation, details: {} };
}

export function extend(reservation: ReservationTerms, timeoutMs: number): ExtendReservation {
  return { kind: 'extend-reservation', reservation, timeoutMs, details: {} };
}

export function expireReservations(accountId: string): ExpireReservations {
  return { kind: 'expire-reservations', accountId, details: {} };
}

/** The reservation that an answer is; fails when it is something else. */
export function reservationOf({ outcome }: Pick<Answer, 'outcome'>): Reservation {
  if (outcome.kind === 'reservation') return outcome.reservation;
  const reason = outcome.kind === 'refusal' ? `${outcome.code}: ${outcome.message}` : outcome.kind;
  throw new Error(`expected a reservation, got ${reason}`);
}
