/** A bug: something that the code guarantees did not hold. Never caught to carry on, always reported. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Stops the work when a guarantee of the code does not hold. Not for bad input: that is a refusal. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
