import { ERROR_TABLE, type ErrorCode } from '@steelyard/contracts/errors';

export interface ProblemDetails {
  /** Name of the request member at fault. */
  readonly field?: string;
  /** When to come back, sent as Retry-After. */
  readonly retryAfterSeconds?: number;
}

/** Thrown at the HTTP edge to answer with a row of the error table. `detail` is for the caller: what to do about it. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly code: ErrorCode,
    readonly detail: string = ERROR_TABLE[code].title,
    readonly details: ProblemDetails = {},
  ) {
    super(detail);
  }
}
