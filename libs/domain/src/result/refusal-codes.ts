/**
 * Every reason for which the platform says no to a well-formed or malformed request. A code is a promise to
 * clients: add, never rename. What each means over HTTP and gRPC is in the error table of the contracts.
 */
export const REFUSAL_CODES = [
  'INVALID_REQUEST',
  'INVALID_ACCOUNT_ID',
  'INVALID_AMOUNT',
  'INVALID_CURRENCY',
  'INVALID_METADATA',
  'INVALID_IDEMPOTENCY_KEY',
  'MISSING_IDEMPOTENCY_KEY',
  'AMOUNT_OUT_OF_RANGE',
  'CURRENCY_MISMATCH',
  'SAME_ACCOUNT',
  'RATE_REQUIRED',
  'RATE_NOT_APPLICABLE',
  'INSUFFICIENT_BALANCE',
  'LIMIT_EXCEEDED',
  'LIMIT_BELOW_USAGE',
  'ACCOUNT_NOT_FOUND',
  'ACCOUNT_FROZEN',
  'ACCOUNT_CLOSED',
  'ACCOUNT_NOT_EMPTY',
  'TRANSACTION_NOT_FOUND',
  'NOT_REVERSIBLE',
  'ALREADY_REVERSED',
  'REVERSAL_EXCEEDS_TRANSACTION',
  'IDEMPOTENCY_CONFLICT',
  'ATOMIC_BATCH_REFUSED',
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];
