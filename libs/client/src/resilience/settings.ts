/** How hard a call tries. */
export interface ResilienceSettings {
  /** For a whole call with all its retries. Default 5000. */
  readonly deadlineMs?: number | undefined;
  /** For one try; a try without an answer is given up and repeated under the same key. Default 2000. */
  readonly attemptTimeoutMs?: number | undefined;
  /** Tries of one call, the first included. Default 4. */
  readonly attemptsMax?: number | undefined;
  /** The longest pause before the first retry; doubles with each. The pause is random up to it. Default 50. */
  readonly backoffMs?: number | undefined;
  /** No pause is longer, unless the service asked for one. Default 1000. */
  readonly backoffMaxMs?: number | undefined;
  readonly circuit?: CircuitSettings | undefined;
}

export interface CircuitSettings {
  /** Failed tries in a row after which nothing is sent for a while. Default 5. */
  readonly failuresToOpen?: number | undefined;
  /** After this, one call is let through to see whether the service is back. Default 1000. */
  readonly probeAfterMs?: number | undefined;
}

/** All of it, with the defaults filled in. */
export interface Resilience {
  readonly deadlineMs: number;
  readonly attemptTimeoutMs: number;
  readonly attemptsMax: number;
  readonly backoffMs: number;
  readonly backoffMaxMs: number;
  readonly failuresToOpen: number;
  readonly probeAfterMs: number;
}

const DEFAULTS: Resilience = {
  deadlineMs: 5_000,
  attemptTimeoutMs: 2_000,
  attemptsMax: 4,
  backoffMs: 50,
  backoffMaxMs: 1_000,
  failuresToOpen: 5,
  probeAfterMs: 1_000,
};

/** @throws RangeError that names a setting which is no positive number */
export function resilienceFrom({ circuit = {}, ...settings }: ResilienceSettings): Resilience {
  const given = Object.entries({ ...settings, ...circuit }).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (!Number.isFinite(value) || Number(value) <= 0)
      throw new RangeError(`${name} must be a positive number`);
  }
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}
