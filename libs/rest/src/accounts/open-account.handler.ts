import type { AccountAccess } from '../access/account-access.js';
import { isSelfCaller, type Caller, type SelfCaller } from '../access/caller.js';
import type { CommandDispatcher } from '../balance/command-dispatcher.js';
import { limitsOf, type LimitsRequest } from '../posting/account-limits.js';
import { attribute } from '../posting/attribution.js';
import { command, details } from '../posting/commands.js';
import { accountOf, type AccountChanged } from '../posting/posted.js';
import { isRefused, refused, type Refused } from '../refusals/refused.js';

export interface OpenAccountRequest {
  readonly accountId: string;
  readonly initialBalance?: bigint | undefined;
  readonly currency?: string | undefined;
  readonly tier?: string | undefined;
  readonly holderId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly limits?: LimitsRequest | undefined;
  readonly metadata?: string | undefined;
}

/** Opens an account; one that exists is answered as it is. */
export class OpenAccountHandler {
  constructor(
    private readonly dispatcher: CommandDispatcher,
    private readonly access: AccountAccess,
  ) {}

  /** `idempotencyKey` may be empty when there is no initial balance: opening twice is opening once. */
  async execute(
    caller: Caller,
    idempotencyKey: string,
    request: OpenAccountRequest,
  ): Promise<AccountChanged | Refused> {
    const denied = isSelfCaller(caller) ? this.#refuseToSelf(caller, request) : undefined;
    if (denied) return denied;
    const by = attribute(caller, { agentId: request.agentId });
    if (isRefused(by)) return by;
    const outcome = await this.dispatcher.execute(
      command(idempotencyKey, {
        $case: 'openAccount',
        value: {
          accountId: request.accountId,
          currency: request.currency ?? '',
          initialBalance: request.initialBalance ?? 0n,
          tier: request.tier,
          holderId: request.holderId,
          limits: limitsOf(request.limits),
          details: details({ metadata: request.metadata }, by),
        },
      }),
    );
    return accountOf(outcome);
  }

  /** What a caller without a role may not give an account, its own included. */
  #refuseToSelf(caller: SelfCaller, request: OpenAccountRequest): Refused | undefined {
    // Another id could be somebody else's tomorrow, and then two would hold one account.
    if (request.accountId !== caller.subject) return refused('FORBIDDEN', 'You may not do this');
    if (request.holderId !== undefined && request.holderId !== caller.subject) {
      return refused('FORBIDDEN', 'holderId can only name yourself', 'holderId');
    }
    if (request.limits) return refused('FORBIDDEN', 'You may not set limits', 'limits');
    if (request.tier !== undefined) return refused('FORBIDDEN', 'You may not choose a tier', 'tier');
    if ((request.initialBalance ?? 0n) !== 0n && !this.access.allowsSelf('deposit')) {
      return refused('FORBIDDEN', 'You may not deposit', 'initialBalance');
    }
    return undefined;
  }
}
