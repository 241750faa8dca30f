import type { RefusalCode } from './refusal-codes.js';

/**
 * "The request cannot be granted": an ordinary value in a signature, never thrown. `message` tells the caller
 * what to do about it; `field` names the request member at fault where there is one.
 */
export interface Refusal {
  readonly kind: 'refusal';
  readonly code: RefusalCode;
  readonly message: string;
  readonly field?: string;
}

/** Makes a refusal. */
export function refuse(code: RefusalCode, message: string, field?: string): Refusal {
  return field === undefined ? { kind: 'refusal', code, message } : { kind: 'refusal', code, message, field };
}

/** True when a result is a refusal; narrows the other side to the success. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'refusal';
}
