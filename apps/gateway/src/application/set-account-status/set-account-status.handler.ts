import { type Caller, callerName } from '@steelyard/rest/access';
import type { CommandDispatcher } from '@steelyard/rest/balance';
import { type AccountChanged, accountOf, command } from '@steelyard/rest/posting';
import type { Refused } from '@steelyard/rest/refusals';

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
