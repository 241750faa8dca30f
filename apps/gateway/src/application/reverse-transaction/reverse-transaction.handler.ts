import type { Caller } from '@steelyard/rest/access';
import type { CommandDispatcher } from '@steelyard/rest/balance';
import {
  attribute,
  type AttributionRequest,
  command,
  type Posted,
  postedOf,
  type ReversalMove,
  reverseBody,
} from '@steelyard/rest/posting';
import { isRefused, type Refused } from '@steelyard/rest/refusals';

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
