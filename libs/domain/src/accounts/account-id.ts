import { refuse, type Refusal } from '../result/index.js';

/** What a client may choose: 1-128 of letters, digits and ._:@+- with no leading @. */
export const ACCOUNT_ID_PATTERN = /^[A-Za-z0-9._:+-][A-Za-z0-9._:@+-]{0,127}$/;

/** Checks an account id from outside. Refuses with INVALID_ACCOUNT_ID. */
export function parseAccountId(value: unknown, field = 'accountId'): string | Refusal {
  if (typeof value === 'string' && ACCOUNT_ID_PATTERN.test(value)) return value;
  return refuse(
    'INVALID_ACCOUNT_ID',
    `${field} must be 1-128 letters, digits or ._:@+- and must not begin with @`,
    field,
  );
}

/** Checks the id of a table or a hand: the form of an account id. Refuses with INVALID_REQUEST. */
export function parseName(value: unknown, field: string): string | Refusal {
  if (typeof value === 'string' && ACCOUNT_ID_PATTERN.test(value)) return value;
  const message = `${field} must be 1-128 letters, digits or ._:@+- and must not begin with @`;
  return refuse('INVALID_REQUEST', message, field);
}

/** True for accounts of the platform itself. */
export function isSystemAccountId(accountId: string): boolean {
  return accountId.startsWith('@');
}

/** True for accounts that everyone pays into: they exist once per bucket and are shown as one sum. */
export function isSharedAccountId(accountId: string): boolean {
  return isSystemAccountId(accountId) && tableIdOf(accountId) === undefined;
}

/** The outside world of one currency: deposits come from it, withdrawals go to it. May be negative. */
export function worldAccountId(currency: string): string {
  return `@world/${currency}`;
}

/** What the house earns (rake, fees) in one currency. */
export function houseAccountId(currency: string): string {
  return `@house/${currency}`;
}

/** The counterpart of conversions in one currency. May be negative. */
export function fxAccountId(currency: string): string {
  return `@fx/${currency}`;
}

/** Chips in play at a table, in one currency: bought in, not cashed out, not in a pot. */
export function tableAccountId(tableId: string, currency: string): string {
  return `@table/${tableId}/${currency}`;
}

/** What was contributed to one hand and is not settled yet. Never negative. */
export function potAccountId(pot: { tableId: string; handId: string }, currency: string): string {
  return `@pot/${pot.tableId}/${pot.handId}/${currency}`;
}

const TABLE_PREFIXES = ['@table/', '@pot/'];

/** The table that a table's or a pot's account belongs to; undefined for every other account. */
export function tableIdOf(accountId: string): string | undefined {
  if (!isSystemAccountId(accountId)) return undefined;
  const prefix = TABLE_PREFIXES.find((known) => accountId.startsWith(known));
  if (prefix === undefined) return undefined;
  const end = accountId.indexOf('/', prefix.length);
  return accountId.slice(prefix.length, end < 0 ? undefined : end);
}
