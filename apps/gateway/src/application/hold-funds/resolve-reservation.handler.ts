import type { balanceV1 } from '@steelyard/contracts/grpc';
import { ACCESS, type Caller } from '@steelyard/rest/access';
import type { CommandDispatcher } from '@steelyard/rest/balance';
import { attribute, command, details } from '@steelyard/rest/posting';
import { isRefused, type Refused } from '@steelyard/rest/refusals';
import type { ReservationAccess } from './reservation-access.js';
import { reservedOf, type Reserved } from './reserved.js';

/** One step of a reservation; `idempotencyKey` may be empty where the step is idempotent by itself. */
interface StepRequest {
  readonly reservationId: string;
  readonly idempotencyKey: string;
}

export interface CommitRequest extends StepRequest {
  /** Absent: all that is held. */
  readonly amount?: bigint | undefined;
}

export interface ReleaseRequest extends StepRequest {
  readonly reason?: string | undefined;
}

export interface ExtendRequest extends StepRequest {
  readonly timeoutSeconds: number;
}

/** Ends a reservation or lets it live on. A caller without a role must own the account whose funds are held. */
export class ResolveReservationHandler {
  constructor(
    private readonly dispatcher: CommandDispatcher,
    private readonly access: ReservationAccess,
  ) {}

  /** Moves what is held, or a part of it; the rest is released. */
  commit(caller: Caller, request: CommitRequest): Promise<Reserved | Refused> {
    const { reservationId, amount } = request;
    return this.#execute(caller, request, (by) => ({
      $case: 'commitReservation',
      value: { reservationId, amount, details: by },
    }));
  }

  /** Gives the funds back to the account's available balance. */
  release(caller: Caller, request: ReleaseRequest): Promise<Reserved | Refused> {
    const { reservationId } = request;
    return this.#execute(caller, request, (by) => ({
      $case: 'releaseReservation',
      value: { reservationId, details: by },
    }));
  }

  /** A new time to live, counted from now. */
  extend(caller: Caller, request: ExtendRequest): Promise<Reserved | Refused> {
    const { reservationId, timeoutSeconds } = request;
    return this.#execute(caller, request, (by) => ({
      $case: 'extendReservation',
      value: { reservationId, timeoutSeconds, details: by },
    }));
  }

  async #execute(
    caller: Caller,
    request: StepRequest & { readonly reason?: string | undefined },
    bodyOf: (by: balanceV1.Details) => NonNullable<balanceV1.Command['body']>,
  ): Promise<Reserved | Refused> {
    const denied = await this.access.reach(ACCESS.resolveReservation, caller, request.reservationId);
    if (denied) return denied;
    const by = attribute(caller, {});
    if (isRefused(by)) return by;
    const body = bodyOf(details({ reason: request.reason }, by));
    return reservedOf(await this.dispatcher.execute(command(request.idempotencyKey, body)));
  }
}
