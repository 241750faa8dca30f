import type { ErrorCode } from '@steelyard/contracts/errors';

/** The codes with which the ledger says no; what each means to a caller is in the error table. */
export type ReadRefusalCode = Extract<
  ErrorCode,
  | 'INVALID_REQUEST'
  | 'INVALID_ACCOUNT_ID'
  | 'INVALID_CURSOR'
  | 'ACCOUNT_NOT_FOUND'
  | 'TRANSACTION_NOT_FOUND'
  | 'ENTRY_NOT_FOUND'
  | 'ENTRY_NOT_SEALED'
  | 'CHECKPOINT_NOT_FOUND'
  | 'INTEGRITY_FAILURE'
  | 'RATE_LIMITED'
  | 'UNAVAILABLE'
>;

/** "The request cannot be granted": a value in the signature of every handler, never thrown. */
export interface ReadRefusal {
  readonly kind: 'refusal';
  readonly code: ReadRefusalCode;
  readonly message: string;
  readonly field?: string;
}

/** Makes a refusal; `field` names the request member at fault. */
export function refuseRead(code: ReadRefusalCode, message: string, field?: string): ReadRefusal {
  return field === undefined ? { kind: 'refusal', code, message } : { kind: 'refusal', code, message, field };
}

/** True when a result is a refusal; narrows the other side to the success. */
export function isReadRefusal(value: unknown): value is ReadRefusal {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'refusal';
}
