import { isSelfCaller, type Caller, type Role, type Scope, type SelfAction } from './caller.js';

/** Who may use one endpoint. */
export interface AccessRule {
  /** Roles that may, for any account. */
  readonly roles: readonly Role[];
  /** The scope that an API key needs; absent: no API key may. */
  readonly scope?: Scope;
  /** What `SELF_SERVICE` must list for callers without a role; absent: they may not. */
  readonly self?: SelfAction;
  /**
   * What a caller without a role must own: the account or the holder that the path names, or an account that
   * only the body or the transaction names, which the handler then checks.
   */
  readonly subject?: 'account' | 'holder' | 'body';
  /**
   * What the audit trail calls it when a person with a role does it; absent: it is not recorded at the edge, because
   * it is not about somebody else's data, or because the ledger tells of it. `about`: the id in the path is an
   * account's.
   */
  readonly audit?: { readonly action: string; readonly about?: 'account' };
}

/** any: go on. own: only what belongs to the caller. refused: 403. */
export type AccessDecision = 'any' | 'own' | 'refused';

/** Decides one rule for one caller. Pure. */
export function decideAccess(
  rule: AccessRule,
  caller: Caller,
  selfService: ReadonlySet<SelfAction>,
): AccessDecision {
  if (caller.kind === 'apiKey') {
    return rule.scope !== undefined && caller.scopes.includes(rule.scope) ? 'any' : 'refused';
  }
  if (!isSelfCaller(caller)) {
    return caller.roles.some((role) => rule.roles.includes(role)) ? 'any' : 'refused';
  }
  return rule.self !== undefined && selfService.has(rule.self) ? 'own' : 'refused';
}
