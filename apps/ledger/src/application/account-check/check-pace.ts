import type { Clock } from '../clock.port.js';
import { isReadRefusal, refuseRead, type ReadRefusal } from '../read-refusal.js';
import type { CheckGate } from './check-gate.js';

/** Of a caller that takes one answer or none: what callers wait for unless they are told otherwise. */
const WHOLE_CHECK_MS = 10_000;

/** A check of one account that may take long. It stops where it is told to, and goes on from there. */
export interface LongCheck {
  readonly isDone: boolean;
  /** Does a little at least, and more for as long as it may. */
  advance(mayGoOn: () => boolean): Promise<void>;
}

/** Takes long checks in slices, so that neither a caller's deadline nor the other callers feel how long they are. */
export class CheckPace {
  constructor(
    private readonly gate: CheckGate,
    private readonly clock: Clock,
    /** How long one slice takes. */
    private readonly sliceMs: number,
  ) {}

  /** Does the work of one slice, which is to end then, when it is its turn; a refusal as {@link CheckGate.run}. */
  slice<Result>(work: (endsAtMs: number) => Promise<Result>): Promise<Result | ReadRefusal> {
    return this.gate.run(() => work(this.clock.nowMs() + this.sliceMs));
  }

  /**
   * Takes one slice of a check; of a caller who cannot go on, as many as it takes. Refuses with RATE_LIMITED when too
   * many wait, with UNAVAILABLE when the caller cannot go on and it takes too long: part of a check proves nothing.
   */
  async take(check: LongCheck, canGoOn: boolean): Promise<ReadRefusal | undefined> {
    const givenUpAtMs = this.clock.nowMs() + WHOLE_CHECK_MS;
    do {
      const refusal = await this.slice((endsAtMs) => check.advance(() => this.clock.nowMs() < endsAtMs));
      if (isReadRefusal(refusal)) return refusal;
    } while (!check.isDone && !canGoOn && this.clock.nowMs() < givenUpAtMs);
    return check.isDone || canGoOn ? undefined : refuseUnfinished();
  }

  /** As {@link take}, but what takes no longer than any other read does not wait for those that do. */
  async takeShortAtOnce(check: LongCheck, canGoOn: boolean): Promise<ReadRefusal | undefined> {
    await check.advance(() => false);
    return check.isDone ? undefined : this.take(check, canGoOn);
  }
}

/** The refusal of a check that is too long for a caller who cannot go on. */
export function refuseUnfinished(): ReadRefusal {
  const message =
    'the chain is too long for one answer: send a cursor, empty at first, and go on with the next';
  return refuseRead('UNAVAILABLE', message, 'cursor');
}
