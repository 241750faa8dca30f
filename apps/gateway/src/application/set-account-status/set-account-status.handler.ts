import { callerName, type Caller } from '../access/caller.js';
import type { CommandDispatcher } from '../dispatch/command-dispatcher.js';
import { command } from '../posting/commands.js';
import { accountOf, type AccountChanged } from '../posting/posted.js';
import type { Refused } from '../refused.js';

export type AccountStatus = 'active' | 'frozen' | 'closed';

export interface SetAccountStatusRequest {
  readonly status: AccountStatus;
  readonly reason?: string | undefined;
}

/** Freezes, unfreezes or closes an account. */
export class SetAccountStatusHandler {
  constructor(private readonly dispatcher: CommandDispatcher) {}

  async execute(
    caller: Caller,
    accountId: string,
    request: SetAccountStatusRequest,
  ): Promise<AccountChanged | Refused> {
    const { status, reason = '' } = request;
    const outcome = await this.dispatcher.execute(
      // Doing it twice is doing it once, so it needs no key.
      command('', {
        $case: 'setAccountStatus',
        value: { accountId, status, performedBy: callerName(caller), reason },
      }),
    );
    return accountOf(outcome);
  }
}
