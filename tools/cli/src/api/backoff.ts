import { setTimeout as sleep } from 'node:timers/promises';
import { Interrupted, Outage } from './outage.js';
import { CliError } from '../cli-error.js';

const FIRST_DELAY_MS = 100;
// A restart of the platform takes seconds: asking more rarely than this only makes people wait.
const DELAY_MAX_MS = 3_000;
const DOUBLINGS_MAX = 10;

/** What a backoff needs to know about its surroundings. */
export interface BackoffOptions {
  /** How long the platform may stay away without any progress before the work is given up. */
  readonly retryForMs: number;
  /** Aborted when the person at the keyboard wants to stop. */
  readonly signal: AbortSignal;
  readonly onOutage?: (outage: Outage, remainingMs: number) => void;
}

/** Waits between attempts: exponential with jitter, until one deadline that begins with the first failure. */
export class Backoff {
  readonly #options: BackoffOptions;
  #attempts = 0;
  #deadlineMs: number | undefined;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** Something was achieved: the next failure begins a new outage. */
  progressed(): void {
    this.#attempts = 0;
    this.#deadlineMs = undefined;
  }

  /** Waits after a failure. Throws a CliError past the deadline, Interrupted when asked to stop. */
  async wait(outage: Outage): Promise<void> {
    const { signal, retryForMs, onOutage } = this.#options;
    if (signal.aborted) throw new Interrupted('interrupted', { cause: outage });
    const nowMs = performance.now();
    this.#deadlineMs ??= nowMs + retryForMs;
    const remainingMs = this.#deadlineMs - nowMs;
    if (remainingMs <= 0) {
      throw new CliError(`${outage.message} (given up after ${retryForMs / 1000} s)`, { cause: outage });
    }
    onOutage?.(outage, remainingMs);
    const delayMs = Math.min(this.#nextDelayMs(outage), remainingMs);
    try {
      await sleep(delayMs, undefined, { signal });
    } catch (cause) {
      throw new Interrupted('interrupted', { cause });
    }
  }

  #nextDelayMs(outage: Outage): number {
    const ceilingMs = Math.min(FIRST_DELAY_MS * 2 ** Math.min(this.#attempts, DOUBLINGS_MAX), DELAY_MAX_MS);
    this.#attempts += 1;
    // Half of it is random: the lanes of one import must not all knock at the same moment.
    const jitteredMs = ceilingMs / 2 + (Math.random() * ceilingMs) / 2;
    return Math.max(jitteredMs, Math.min(outage.retryAfterMs ?? 0, DELAY_MAX_MS));
  }
}

/** Repeats an operation that is safe to repeat while it fails with an Outage. */
export async function withRetry<T>(options: BackoffOptions, operation: () => Promise<T>): Promise<T> {
  const backoff = new Backoff(options);
  // Bounded by the deadline of the backoff.
  for (;;) {
    try {
      return await operation();
    } catch (error) {
      if (!(error instanceof Outage)) throw error;
      await backoff.wait(error);
    }
  }
}
