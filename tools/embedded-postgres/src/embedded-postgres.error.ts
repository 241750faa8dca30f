/** Why an embedded server could not be brought up, for callers that react differently to each. */
export type EmbeddedPostgresFailure =
  | 'UNSUPPORTED_PLATFORM'
  | 'BINARIES_BROKEN'
  | 'UNREACHABLE_DATA'
  | 'INITDB_FAILED'
  | 'PORT_BUSY'
  | 'START_FAILED'
  | 'STOP_FAILED';

/** Every failure of this package; the message is meant for the person at the terminal. */
export class EmbeddedPostgresError extends Error {
  constructor(
    readonly failure: EmbeddedPostgresFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'EmbeddedPostgresError';
  }
}
