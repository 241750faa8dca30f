import type { ReadResult, Result } from '../answers/index.js';
import type { CallOptions } from '../dispatch/index.js';
import type {
  CommitInput,
  ExtendInput,
  ListReservationsInput,
  ReleaseInput,
  Reservation,
  ReservationPage,
  ReserveInput,
} from '../operations/index.js';
import type { OperationCaller, OperationOptions } from './operation-caller.js';

/** Holds: funds set aside for a while, then moved or given back. */
export class ReservationCalls<Extra = never> {
  readonly #caller: OperationCaller<Extra>;

  /** @internal */
  constructor(caller: OperationCaller<Extra>) {
    this.#caller = caller;
  }

  reserve(input: ReserveInput, options?: OperationOptions): Promise<Result<Reservation> | Extra> {
    return this.#caller.run('reserve', input, options);
  }

  /** Moves what is held, or a part of it. Again: the first answer. Too late: RESERVATION_EXPIRED. */
  commit(input: CommitInput, options?: OperationOptions): Promise<Result<Reservation> | Extra> {
    return this.#caller.run('commit', input, options);
  }

  /** Gives the funds back. Again: granted. */
  release(input: ReleaseInput, options?: OperationOptions): Promise<Result<Reservation> | Extra> {
    return this.#caller.run('release', input, options);
  }

  /** A new time to live, counted from now. */
  extend(input: ExtendInput, options?: OperationOptions): Promise<Result<Reservation> | Extra> {
    return this.#caller.run('extend', input, options);
  }

  get(reservationId: string, options?: CallOptions): Promise<ReadResult<Reservation>> {
    return this.#caller.read('reservation', { reservationId }, options);
  }

  /** Of one account, newest first. */
  list(input: ListReservationsInput, options?: CallOptions): Promise<ReadResult<ReservationPage>> {
    return this.#caller.read('reservations', input, options);
  }
}
