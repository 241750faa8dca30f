import { bucketOf } from '@steelyard/domain/accounts';
import { parseId, type FactKey } from '@steelyard/domain/posting';
import { asOfClock, type Reservation, type ReservationStatus } from '@steelyard/domain/reservations';
import type { Accounts } from '../read-accounts/read-accounts.handler.js';
import type { Reservations } from './reservations.port.js';

/** Half of what a message may have: a page of reservations with very large metadata is a short one. */
const PAGE_METADATA_CHARACTERS_MAX = 1024 * 1024;

/** Which reservations of one account. */
export interface ReservationListRequest {
  readonly accountId: string;
  /** undefined: all of them. */
  readonly status?: ReservationStatus;
  /** How many at most. */
  readonly limit: number;
  /** Only older ones than the reservation with this sequence. */
  readonly before?: bigint;
}

export interface ReservationPage {
  /** Newest first. */
  readonly reservations: readonly Reservation[];
  /** What the next page asks for as {@link ReservationListRequest.before}; undefined when this is the last one. */
  readonly next?: bigint;
}

export interface ReadReservationsOptions {
  readonly buckets: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
}

/** Reads reservations as they are by the clock: one whose time is over is EXPIRED, whoever has noticed. */
export class ReadReservationsHandler {
  readonly #reservations: Reservations;
  readonly #accounts: Accounts;
  readonly #options: ReadReservationsOptions;

  constructor(reservations: Reservations, accounts: Accounts, options: ReadReservationsOptions) {
    this.#reservations = reservations;
    this.#accounts = accounts;
    this.#options = options;
  }

  /** undefined: there is none with this id. Throws OutageError. */
  async byId(reservationId: string): Promise<Reservation | undefined> {
    const key = keyOf(reservationId);
    const reservation = key && (await this.#reservations.find(key));
    if (reservation?.reservationId !== reservationId.toLowerCase()) return undefined;
    return asOfClock(reservation, this.#options.now());
  }

  /** undefined: there is no such account. Throws OutageError. */
  async list(request: ReservationListRequest): Promise<ReservationPage | undefined> {
    const { limit, accountId } = request;
    const ref = { bucket: bucketOf(accountId, this.#options.buckets), accountId };
    const nowMs = this.#options.now();
    // One more than asked for tells whether another page follows.
    const found = await this.#reservations.list({ ...request, ...ref, nowMs, limit: limit + 1 });
    if (found.length === 0 && (await this.#accounts.find([ref])).length === 0) return undefined;
    const reservations = found.slice(0, pageLength(found, limit)).map((one) => asOfClock(one, nowMs));
    const last = reservations.at(-1);
    return found.length > reservations.length && last
      ? { reservations, next: last.sequence }
      : { reservations };
  }
}

/** How many of those that were found fit into a page: at least one. */
function pageLength(found: readonly Reservation[], limit: number): number {
  let characters = 0;
  const tooLarge = found.findIndex(({ metadataJson }, i) => {
    characters += metadataJson.length;
    return i > 0 && characters > PAGE_METADATA_CHARACTERS_MAX;
  });
  return tooLarge < 0 ? limit : Math.min(tooLarge, limit);
}

/** The fact that holds the reservation with this id; the id of an entry is none. */
function keyOf(reservationId: string): FactKey | undefined {
  const key = parseId(reservationId);
  return key?.ordinal === 0 ? key : undefined;
}
