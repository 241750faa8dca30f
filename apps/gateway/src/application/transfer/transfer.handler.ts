import type { AccountAccess } from '../access/account-access.js';
import { ACCESS } from '../access/access-rules.js';
import type { Caller } from '../access/caller.js';
import type { CommandDispatcher } from '../dispatch/command-dispatcher.js';
import { attribute, type AttributionRequest } from '../posting/attribution.js';
import { command, transferBody, type TransferMove } from '../posting/commands.js';
import { postedOf, type Posted } from '../posting/posted.js';
import { isRefused, type Refused } from '../refused.js';

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
