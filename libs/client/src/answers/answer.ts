import type { RefusalCode } from './refusal-codes.js';

/** Why the service says no. Asking again without changing anything gets the same answer. */
export interface Refusal {
  readonly code: RefusalCode;
  /** What to do about it, for people. */
  readonly message: string;
  /** The member of the request at fault, where there is one. */
  readonly field?: string;
}

/** It was done. */
export interface Granted<Value> {
  readonly ok: true;
  readonly journalled?: false;
  readonly value: Value;
  /** The key had been used for the same request before: this is the first answer again. */
  readonly replayed: boolean;
  readonly idempotencyKey: string;
}

/** It was not done, and will not be. */
export interface Refused {
  readonly ok: false;
  readonly error: Refusal;
}

/**
 * The service was away: the operation stands in the local journal, safe from a crash, and will be sent when the
 * service is back. What it comes to is not known yet.
 */
export interface Journalled {
  readonly ok: true;
  readonly journalled: true;
  readonly idempotencyKey: string;
  /** Of a reservation: the name under which it can be committed, released and extended until it has a real one. */
  readonly reservationId?: string;
}

/** What became of an operation. */
export type Result<Value> = Granted<Value> | Refused;

/** What a read found. */
export interface Found<Value> {
  readonly ok: true;
  readonly value: Value;
}

export type ReadResult<Value> = Found<Value> | Refused;

/** The answer that says no. */
export function refused(code: RefusalCode, message: string, field?: string): Refused {
  return {
    ok: false,
    error: field === undefined || field === '' ? { code, message } : { code, message, field },
  };
}
