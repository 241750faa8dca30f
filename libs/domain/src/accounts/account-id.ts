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

/** True for accounts of the platform itself. They exist once per bucket and are shown as one sum. */
export function isSystemAccountId(accountId: string): boolean {
  return accountId.startsWith('@');
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
