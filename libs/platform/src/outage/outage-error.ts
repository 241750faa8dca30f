/**
 * Something that the platform needs (database, peer, broker) did not answer. Thrown by adapters, with what they
 * saw as `cause`. The same work may succeed later; whether it already took effect is not known, so it is only
 * safe to send again under its idempotency key.
 */
export class OutageError extends Error {
  override readonly name = 'OutageError';
  readonly retryable = true;
}
