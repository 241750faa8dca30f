/**
 * - `connection`: no connection, or it broke
 * - `deadline`: no answer in time
 * - `unavailable`: the service answered that it cannot work now
 * - `rate-limited`: the service answered that it was asked too often
 * - `circuit-open`: nothing was sent, because the last calls failed
 * - `overloaded`: nothing was sent, because too much is waiting in this process
 * - `journal-full`: nothing was sent and nothing journalled
 */
export type OutageReason =
  'connection' | 'deadline' | 'unavailable' | 'rate-limited' | 'circuit-open' | 'overloaded' | 'journal-full';

export interface OutageDetails {
  readonly reason: OutageReason;
  /** False: the service cannot have seen the operation. True: it may have taken effect. */
  readonly maybeApplied: boolean;
  readonly idempotencyKey?: string | undefined;
  /** When the service asked to come back. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/**
 * No answer within the deadline, after all retries. The same operation under the same `idempotencyKey` may succeed
 * later, and takes effect once however often it is sent.
 */
export class SteelyardUnavailableError extends Error {
  override readonly name = 'SteelyardUnavailableError';
  readonly retryable = true;
  readonly reason: OutageReason;
  readonly maybeApplied: boolean;
  readonly idempotencyKey: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, details: OutageDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.reason = details.reason;
    this.maybeApplied = details.maybeApplied;
    this.idempotencyKey = details.idempotencyKey;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** The same outage, of one operation: with its key, to be sent again under it. */
export function ofOperation(error: unknown, idempotencyKey: string): unknown {
  if (!(error instanceof SteelyardUnavailableError) || error.idempotencyKey !== undefined) return error;
  const { reason, maybeApplied, retryAfterMs, cause = error } = error;
  return new SteelyardUnavailableError(error.message, {
    reason,
    maybeApplied,
    retryAfterMs,
    idempotencyKey,
    cause,
  });
}
