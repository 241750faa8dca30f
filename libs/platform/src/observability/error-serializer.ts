/** A longer chain of causes says nothing new. */
const CAUSE_DEPTH_MAX = 5;

interface SerializedError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  readonly cause?: SerializedError;
}

/**
 * What a log line says about an error. Only these members: a database error also carries `detail`, `where`,
 * `parameters` and the like, which hold the values of rows, amounts among them.
 */
export function serializeError(error: unknown, depth = 0): SerializedError {
  if (!(error instanceof Error))
    return { type: typeof error, message: 'something that is not an Error was thrown' };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const cause =
    error.cause !== undefined && depth < CAUSE_DEPTH_MAX
      ? { cause: serializeError(error.cause, depth + 1) }
      : {};
  const stack = error.stack === undefined ? {} : { stack: error.stack };
  return { type: error.name, message: error.message, ...stack, ...code, ...cause };
}
