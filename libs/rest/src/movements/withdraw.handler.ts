import type { Caller } from '../access/caller.js';
import type { CommandDispatcher } from '../balance/command-dispatcher.js';
import { attribute, type AttributionRequest } from '../posting/attribution.js';
import { command, withdrawBody, type SingleAccountMove } from '../posting/commands.js';
import { postedOf, type Posted } from '../posting/posted.js';
import { isRefused, type Refused } from '../refusals/refused.js';

export type WithdrawRequest = SingleAccountMove & AttributionRequest;

/** Takes money out of an account to the outside. */
export class WithdrawHandler {
  constructor(private readonly dispatcher: CommandDispatcher) {}

  async execute(caller: Caller, idempotencyKey: string, request: WithdrawRequest): Promise<Posted | Refused> {
    const by = attribute(caller, request);
    if (isRefused(by)) return by;
    return postedOf(await this.dispatcher.execute(command(idempotencyKey, withdrawBody(request, by))));
  }
}
