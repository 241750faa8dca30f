/** What a token may say its bearer is. */
export const ROLES = ['operator', 'auditor', 'service'] as const;
export type Role = (typeof ROLES)[number];

/** What an API key may be allowed. */
export const SCOPES = ['accounts:read', 'accounts:write', 'ledger:read'] as const;
export type Scope = (typeof SCOPES)[number];

/** What callers without a role may be allowed on their own accounts (`SELF_SERVICE`). */
export const SELF_ACTIONS = ['read', 'create', 'deposit', 'withdraw', 'reserve'] as const;
export type SelfAction = (typeof SELF_ACTIONS)[number];

/** Who sent a request, once the credentials are proved. */
export type Caller =
  | { readonly kind: 'token'; readonly subject: string; readonly roles: readonly Role[] }
  | { readonly kind: 'apiKey'; readonly keyId: string; readonly scopes: readonly Scope[] };

/** A caller without a role, who is bound to the accounts of `subject`. */
export interface SelfCaller {
  readonly kind: 'token';
  readonly subject: string;
  readonly roles: readonly [];
}

/** True for callers that reach their own accounts only. */
export function isSelfCaller(caller: Caller): caller is SelfCaller {
  return caller.kind === 'token' && caller.roles.length === 0;
}

/** Who is written down as the one who did it when the request names nobody. */
export function callerName(caller: Caller): string {
  return caller.kind === 'token' ? caller.subject : `key:${caller.keyId}`;
}

/** The roles of the platform among the texts of a token; others are somebody else's and mean nothing here. */
export function knownRoles(texts: readonly string[]): Role[] {
  return ROLES.filter((role) => texts.includes(role));
}
