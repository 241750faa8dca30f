import { type Caller, callerName } from '@steelyard/rest/access';
import type { CommandDispatcher } from '@steelyard/rest/balance';
import {
  type AccountChanged,
  accountOf,
  command,
  limitsOf,
  type LimitsRequest,
} from '@steelyard/rest/posting';
import type { Refused } from '@steelyard/rest/refusals';

/** Absent members keep what is there; null removes it. */
export interface UpdateAccountRequest {
  readonly tier?: string | null | undefined;
  readonly holderId?: string | null | undefined;
  readonly agentId?: string | null | undefined;
  readonly limits?: LimitsRequest | undefined;
  readonly metadata?: string | undefined;
  readonly reason?: string | undefined;
}

/** Changes what is known about an account and its limits; never its balance. */
export class UpdateAccountHandler {
  constructor(private readonly dispatcher: CommandDispatcher) {}

  async execute(
    caller: Caller,
    accountId: string,
    request: UpdateAccountRequest,
  ): Promise<AccountChanged | Refused> {
    const outcome = await this.dispatcher.execute(
      // Doing it twice is doing it once, so it needs no key.
      command('', {
        $case: 'updateAccount',
        value: {
          accountId,
          tier: removable(request.tier),
          holderId: removable(request.holderId),
          agentId: removable(request.agentId),
          limits: limitsOf(request.limits),
          metadataJson: request.metadata,
          performedBy: callerName(caller),
          reason: request.reason ?? '',
        },
      }),
    );
    return accountOf(outcome);
  }
}

/** The core removes a value that is set to the empty text. */
function removable(value: string | null | undefined): string | undefined {
  return value === null ? '' : value;
}
