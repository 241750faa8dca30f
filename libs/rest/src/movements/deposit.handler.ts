import type { AccountAccess } from '../access/account-access.js';
import { isSelfCaller, type Caller } from '../access/caller.js';
import type { CommandDispatcher } from '../balance/command-dispatcher.js';
import { attribute, type AttributionRequest } from '../posting/attribution.js';
import { command, depositBody, type SingleAccountMove } from '../posting/commands.js';
import { postedOf, type Posted } from '../posting/posted.js';
import type { AccountReader } from '../balance/account-reader.js';
import { isRefused, refused, type Refused } from '../refusals/refused.js';

export type DepositRequest = SingleAccountMove & AttributionRequest;

/** Puts money into an account from outside; creates the account if it is absent. */
export class DepositHandler {
  constructor(
    private readonly dispatcher: CommandDispatcher,
    private readonly access: AccountAccess,
    private readonly accounts: AccountReader,
  ) {}

  async execute(caller: Caller, idempotencyKey: string, request: DepositRequest): Promise<Posted | Refused> {
    const by = attribute(caller, request);
    if (isRefused(by)) return by;
    // A deposit opens an account that is absent, and that needs a permission of its own.
    if (isSelfCaller(caller) && !this.access.allowsSelf('create')) {
      const account = await this.accounts.find(request.accountId);
      if (!account) return refused('ACCOUNT_NOT_FOUND', 'The account does not exist');
    }
    return postedOf(await this.dispatcher.execute(command(idempotencyKey, depositBody(request, by))));
  }
}
