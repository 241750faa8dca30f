import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { Caller } from '@steelyard/rest/access';
import type { CommandDispatcher } from '@steelyard/rest/balance';
import { attribute, command, details } from '@steelyard/rest/posting';
import { isRefused, type Refused } from '@steelyard/rest/refusals';
import { potChangedOf, type PotChanged } from './pot-changed.js';

/** One hand at one table. */
export interface HandPlace {
  readonly tableId: string;
  readonly handId: string;
}

export interface ContributeRequest extends HandPlace {
  readonly seatId: number;
  readonly accountId: string;
  readonly amount: bigint;
  /** BLIND, ANTE, BET, CALL or RAISE. */
  readonly type: string;
  /** Absent: the deployment's default. */
  readonly currency?: string | undefined;
}

export interface ReturnRequest extends HandPlace {
  readonly seatId: number;
  readonly amount: bigint;
}

export interface SettleRequest extends HandPlace {
  readonly payout: NonNullable<balanceV1.SettlePot['payout']>;
  /** Absent: as the deployment is configured. */
  readonly rake?: bigint | undefined;
}

export interface CancelRequest extends HandPlace {
  readonly reason?: string | undefined;
}

/** Moves chips between a table and the pot of a hand, and out of the pot to whom they belong. */
export class PlayHandHandler {
  constructor(private readonly dispatcher: CommandDispatcher) {}

  /** table -> pot, by one seat. */
  contribute(caller: Caller, key: string, request: ContributeRequest): Promise<PotChanged | Refused> {
    const { type: contributionType, currency = '', ...contribution } = request;
    return this.#execute(caller, key, (by) => ({
      $case: 'contribute',
      value: { ...contribution, contributionType, currency, details: by },
    }));
  }

  /** pot -> table: what nobody called goes back to its seat. */
  returnContribution(caller: Caller, key: string, request: ReturnRequest): Promise<PotChanged | Refused> {
    return this.#execute(caller, key, (by) => ({
      $case: 'returnContribution',
      value: { ...request, details: by },
    }));
  }

  /** pot -> winners and house, all or nothing. */
  settle(caller: Caller, key: string, request: SettleRequest): Promise<PotChanged | Refused> {
    const { rake, ...settlement } = request;
    return this.#execute(caller, key, (by) => ({
      $case: 'settlePot',
      value: { ...settlement, rake, details: by },
    }));
  }

  /** pot -> table: every contribution returns. `key` may be empty: cancelling twice is cancelling once. */
  cancel(caller: Caller, key: string, request: CancelRequest): Promise<PotChanged | Refused> {
    const { tableId, handId, reason } = request;
    return this.#execute(caller, key, (by) => ({
      $case: 'cancelPot',
      value: { tableId, handId, details: { ...by, reason: reason ?? '' } },
    }));
  }

  async #execute(
    caller: Caller,
    key: string,
    bodyOf: (by: balanceV1.Details) => NonNullable<balanceV1.Command['body']>,
  ): Promise<PotChanged | Refused> {
    const by = attribute(caller, {});
    if (isRefused(by)) return by;
    return potChangedOf(await this.dispatcher.execute(command(key, bodyOf(details({}, by)))));
  }
}
