import { ACCESS, type AccountAccess, type Caller } from '@steelyard/rest/access';
import type { CommandDispatcher } from '@steelyard/rest/balance';
import {
  attribute,
  type AttributionRequest,
  command,
  type Posted,
  postedOf,
  transferBody,
  type TransferMove,
} from '@steelyard/rest/posting';
import { isRefused, type Refused } from '@steelyard/rest/refusals';

export type TransferRequest = TransferMove & AttributionRequest;

/** A transfer and whether the caller may see what the receiving account holds. */
export interface TransferPosted extends Posted {
  readonly showsReceiver: boolean;
}

/** Moves money from one account to another. A caller without a role must own the paying one. */
export class TransferHandler {
  constructor(
    private readonly dispatcher: CommandDispatcher,
    private readonly access: AccountAccess,
  ) {}

  async execute(
    caller: Caller,
    idempotencyKey: string,
    request: TransferRequest,
  ): Promise<TransferPosted | Refused> {
    const denied = await this.access.reach(ACCESS.transfer, caller, request.from);
    if (denied) return denied;
    const by = attribute(caller, request);
    if (isRefused(by)) return by;
    const posted = postedOf(
      await this.dispatcher.execute(command(idempotencyKey, transferBody(request, by))),
    );
    if (isRefused(posted)) return posted;
    return { ...posted, showsReceiver: await this.access.owns(caller, request.to) };
  }
}
