import { setTimeout as delay } from 'node:timers/promises';
import { SteelyardUnavailableError, type OutageReason } from '../answers/index.js';
import { Circuit } from './circuit.js';
import type { Resilience } from './settings.js';

/** Time and chance, to be replaced in tests. */
export interface Surroundings {
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

const REAL: Surroundings = {
  now: () => performance.now(),
  random: () => Math.random(),
  pause: (ms) => delay(ms),
};

/** Sending again helps against these only. */
const RETRIED: ReadonlySet<OutageReason> = new Set(['connection', 'deadline', 'unavailable', 'rate-limited']);

/** Runs calls within a deadline: retries outages with exponential backoff and full jitter, and minds the circuit. */
export class ResilientCaller {
  readonly circuit: Circuit;

  constructor(
    private readonly settings: Resilience,
    private readonly surroundings: Surroundings = REAL,
  ) {
    this.circuit = new Circuit(settings);
  }

  /**
   * @param attempt one try, to end within the given time; always with the same keys
   * @param deadlineMs instead of the setting
   * @throws SteelyardUnavailableError when no try was answered in time
   */
  async run<Value>(
    attempt: (timeoutMs: number) => Promise<Value>,
    deadlineMs = this.settings.deadlineMs,
  ): Promise<Value> {
    const { now, pause } = this.surroundings;
    const endsAt = now() + deadlineMs;
    let maybeApplied = false;
    for (let tries = 1; ; tries++) {
      try {
        return await this.#once(attempt, endsAt);
      } catch (error) {
        if (!(error instanceof SteelyardUnavailableError)) throw error;
        maybeApplied ||= error.maybeApplied;
        const pauseMs = this.#pauseMs(tries, error.retryAfterMs);
        const isOver = tries >= this.settings.attemptsMax || now() + pauseMs >= endsAt;
        if (isOver || !RETRIED.has(error.reason)) throw finalError(error, tries, maybeApplied);
        await pause(pauseMs);
      }
    }
  }

  async #once<Value>(attempt: (timeoutMs: number) => Promise<Value>, endsAt: number): Promise<Value> {
    const { now } = this.surroundings;
    let isGivenUp = false;
    const tryNow = this.circuit.run(() => {
      const leftMs = endsAt - now();
      // While it waited for somebody else's probe of the service, its own time ran out. Its caller was told that
      // nothing was sent, and timers may be a little early: the clock alone does not say.
      if (isGivenUp || leftMs <= 0) throw noTimeLeft();
      return attempt(Math.min(leftMs, this.settings.attemptTimeoutMs));
    });
    // Only a wait for somebody else's probe can last longer than the try itself.
    if (this.circuit.state !== 'half-open') return tryNow;
    const timer = new AbortController();
    const outOfTime = delay(Math.max(endsAt - now(), 1), undefined, { signal: timer.signal });
    tryNow.catch(() => undefined);
    try {
      return await Promise.race([
        tryNow,
        outOfTime.then(() => {
          isGivenUp = true;
          throw noTimeLeft();
        }),
      ]);
    } finally {
      timer.abort();
      outOfTime.catch(() => undefined);
    }
  }

  #pauseMs(tries: number, retryAfterMs = 0): number {
    const { backoffMs, backoffMaxMs } = this.settings;
    const ceilingMs = Math.min(backoffMaxMs, backoffMs * 2 ** (tries - 1));
    return Math.max(retryAfterMs, this.surroundings.random() * ceilingMs);
  }
}

function noTimeLeft(): SteelyardUnavailableError {
  return new SteelyardUnavailableError('the deadline passed before it was sent', {
    reason: 'deadline',
    maybeApplied: false,
  });
}

function finalError(
  error: SteelyardUnavailableError,
  tries: number,
  maybeApplied: boolean,
): SteelyardUnavailableError {
  const { reason, retryAfterMs, cause } = error;
  const times = tries === 1 ? 'once' : `${tries} times`;
  return new SteelyardUnavailableError(`${error.message} (tried ${times})`, {
    reason,
    maybeApplied,
    retryAfterMs,
    cause,
  });
}
