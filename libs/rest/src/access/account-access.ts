import type { balanceV1 } from '@steelyard/contracts/grpc';
import { isSystemAccountId } from '@steelyard/domain/accounts';
import { refused, type Refused } from '../refusals/refused.js';
import type { AccountReader } from '../balance/account-reader.js';
import { decideAccess, type AccessRule } from './access-rule.js';
import { isSelfCaller, type Caller, type SelfAction } from './caller.js';

/** The same text for every case, so that it does not tell whether an account exists. */
const FORBIDDEN = refused('FORBIDDEN', 'You may not do this');

/** Decides who reaches which account. */
export class AccountAccess {
  readonly #accounts: AccountReader;
  readonly #selfService: ReadonlySet<SelfAction>;

  constructor(accounts: AccountReader, selfService: ReadonlySet<SelfAction>) {
    this.#accounts = accounts;
    this.#selfService = selfService;
  }

  /** Whether callers without a role may do this with their own accounts. */
  allowsSelf(action: SelfAction): boolean {
    return this.#selfService.has(action);
  }

  /** FORBIDDEN unless the rule lets the caller in at all, whatever the account. */
  enter(rule: AccessRule, caller: Caller): Refused | undefined {
    return decideAccess(rule, caller, this.#selfService) === 'refused' ? FORBIDDEN : undefined;
  }

  /** FORBIDDEN unless the rule lets the caller reach this account. */
  async reach(rule: AccessRule, caller: Caller, accountId: string): Promise<Refused | undefined> {
    const decision = decideAccess(rule, caller, this.#selfService);
    if (decision === 'any') return undefined;
    if (decision === 'refused') return FORBIDDEN;
    const owns =
      rule.self === 'read' ? this.#ownedLastKnown(caller, accountId) : this.owns(caller, accountId);
    return (await owns) ? undefined : FORBIDDEN;
  }

  /** FORBIDDEN unless the rule lets the caller reach everything of this holder. */
  reachHolder(rule: AccessRule, caller: Caller, holderId: string): Refused | undefined {
    const decision = decideAccess(rule, caller, this.#selfService);
    if (decision === 'any') return undefined;
    const isOwn = isSelfCaller(caller) && caller.subject === holderId;
    return decision === 'own' && isOwn ? undefined : FORBIDDEN;
  }

  /** True when the caller sees the account whole: everybody with a role or a key, else its owner. */
  owns(caller: Caller, accountId: string): Promise<boolean> {
    return ownsBy(caller, accountId, () => this.#accounts.find(accountId));
  }

  /** What somebody owned when it was last known may be shown while the database is away. */
  #ownedLastKnown(caller: Caller, accountId: string): Promise<boolean> {
    return ownsBy(caller, accountId, async () => (await this.#accounts.read(accountId)).account);
  }
}

async function ownsBy(
  caller: Caller,
  accountId: string,
  find: () => Promise<balanceV1.Account | undefined>,
): Promise<boolean> {
  if (!isSelfCaller(caller)) return true;
  // A token that names a system account as its subject must not open it.
  if (isSystemAccountId(accountId)) return false;
  if (caller.subject === accountId) return true;
  return (await find())?.holderId === caller.subject;
}
