/** Everything was done and everything agrees. */
export const EXIT_OK = 0;
/** The work was done or begun, and something is not as it should be. */
export const EXIT_FAILED = 1;
/** The command was called wrongly: nothing was begun. */
export const EXIT_USAGE = 2;

/** Stops the command with one readable line that says what to do. Never shown with a stack trace. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;

  constructor(message: string, options: { readonly exitCode?: number; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = options.exitCode ?? EXIT_FAILED;
  }
}

/** The command was called wrongly. */
export function usageError(message: string): CliError {
  return new CliError(message, { exitCode: EXIT_USAGE });
}
