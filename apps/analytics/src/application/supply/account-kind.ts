import { isSystemAccountId } from '@steelyard/domain/accounts';

/** What accounts are, for the question of where all units of a currency lie. */
export const ACCOUNT_KINDS = ['player', 'world', 'house', 'table', 'pot', 'fx', 'other'] as const;

export type AccountKind = (typeof ACCOUNT_KINDS)[number];

/** `@table/oak/CHIPS` is a table; `other` is a system account that this release does not know. */
export function accountKindOf(accountId: string): AccountKind {
  if (!isSystemAccountId(accountId)) return 'player';
  const [prefix = ''] = accountId.slice(1).split('/', 1);
  const kind = ACCOUNT_KINDS.find((known) => known === prefix);
  return kind === undefined || kind === 'player' ? 'other' : kind;
}
