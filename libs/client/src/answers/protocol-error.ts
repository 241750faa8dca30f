/**
 * The service answered something that this library does not understand, or that it failed on its side. Not a
 * refusal, and sending the same again is not known to help: look at the versions of both, and at the service's log.
 */
export class SteelyardProtocolError extends Error {
  override readonly name = 'SteelyardProtocolError';
  readonly retryable = false;
}
