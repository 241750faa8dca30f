/** The platform could not be asked, or could not answer now: the same request may succeed later. */
export class Outage extends Error {
  override readonly name = 'Outage';
  /** How long the platform asked to wait, when it did. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: { readonly retryAfterMs?: number; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The platform read the request and said no. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The person at the keyboard asked to stop. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
