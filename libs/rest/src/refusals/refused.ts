import type { ErrorCode } from '@steelyard/contracts/errors';

/** "The request cannot be granted", as a value: a refusal of the core or one of the edge (FORBIDDEN and such). */
export interface Refused {
  readonly kind: 'refused';
  readonly code: ErrorCode;
  readonly message: string;
  readonly field?: string;
}

/** Makes a refusal; an empty field counts as none. */
export function refused(code: ErrorCode, message: string, field = ''): Refused {
  return field === '' ? { kind: 'refused', code, message } : { kind: 'refused', code, message, field };
}

/** True when a result is a refusal; narrows the other side to the success. */
export function isRefused(result: object | undefined): result is Refused {
  return result !== undefined && 'kind' in result && result.kind === 'refused';
}
