import type { Reservation, ReservationTerms } from '@steelyard/domain/reservations';
import { LRUCache } from 'lru-cache';

/** Some hundred bytes each; what is committed is mostly what was reserved moments ago. */
const TERMS_MAX = 20_000;

/** The terms of reservations that were used last. They never change, so that nothing here can be out of date. */
export class TermsCache {
  readonly #terms = new LRUCache<string, ReservationTerms>({ max: TERMS_MAX });

  find(reservationId: string): ReservationTerms | undefined {
    return this.#terms.get(reservationId);
  }

  put(reservation: ReservationTerms | Reservation): void {
    const { bucket, sequence, reservationId, accountId, currency, amount, target } = reservation;
    if (this.#terms.has(reservationId)) return;
    // Without what a whole reservation has besides: its metadata may be large.
    this.#terms.set(reservationId, {
      bucket,
      sequence,
      reservationId,
      accountId,
      currency,
      amount,
      target,
    });
  }
}
