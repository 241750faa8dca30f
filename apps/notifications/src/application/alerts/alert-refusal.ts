import type { ErrorCode } from '@steelyard/contracts/errors';

/** "The request cannot be granted": a value in the signature of every handler, never thrown. */
export interface AlertRefusal {
  readonly kind: 'refusal';
  readonly code: Extract<ErrorCode, 'INVALID_REQUEST' | 'INVALID_CURSOR'>;
  readonly message: string;
}

export function refuseAlert(code: AlertRefusal['code'], message: string): AlertRefusal {
  return { kind: 'refusal', code, message };
}

/** True when a result is a refusal; narrows the other side to the success. */
export function isAlertRefusal(result: object | undefined): result is AlertRefusal {
  return result !== undefined && 'kind' in result && result.kind === 'refusal';
}
