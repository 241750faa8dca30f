import type { Caller } from '../access/caller.js';
import type { CommandDispatcher } from '../dispatch/command-dispatcher.js';
import { attribute, type AttributionRequest } from '../posting/attribution.js';
import { command, reverseBody, type ReversalMove } from '../posting/commands.js';
import { postedOf, type Posted } from '../posting/posted.js';
import { isRefused, type Refused } from '../refused.js';

export type ReversalRequest = ReversalMove & AttributionRequest;

/** Posts the opposite of a transaction, whole or in part. History itself is never changed. */
export class ReverseTransactionHandler {
  constructor(private readonly dispatcher: CommandDispatcher) {}

  async execute(caller: Caller, idempotencyKey: string, request: ReversalRequest): Promise<Posted | Refused> {
    const by = attribute(caller, request);
    if (isRefused(by)) return by;
    return postedOf(await this.dispatcher.execute(command(idempotencyKey, reverseBody(request, by))));
  }
}
