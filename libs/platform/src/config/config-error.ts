/** One environment variable that cannot be used. */
export interface ConfigFault {
  readonly variable: string;
  /** What was given, already safe to print, or null when it was not set. */
  readonly given: string | null;
  readonly expected: string;
}

/** The environment is wrong. The message is one line that names every variable at fault, for the operator. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly faults: readonly ConfigFault[]) {
    super(faults.map(describe).join('; '));
  }
}

function describe({ variable, given, expected }: ConfigFault): string {
  return given === null
    ? `${variable} is not set, expected ${expected}`
    : `${variable} is ${given}, expected ${expected}`;
}
