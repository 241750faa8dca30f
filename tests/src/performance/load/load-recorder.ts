import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { LatencySummary } from '../results.types.js';

/** What became of the commands of one call that was answered. */
export interface CallOutcome {
  readonly accepted: number;
  readonly refused: number;
}

/** What a load found in one window. */
export interface LoadResult {
  readonly accepted: number;
  readonly refused: number;
  readonly failed: number;
  readonly seconds: number;
  readonly latencyMs: LatencySummary;
  readonly firstError?: string;
}

const MICROSECONDS = 1_000;
// A minute: any call that takes longer has failed.
const LATENCY_MAX_US = 60_000_000;
const PERCENTILES = { p50: 50, p95: 95, p99: 99 } as const;

/** Counts what a load's calls bring and how long they take. */
export class LoadRecorder {
  readonly #startedMs = performance.now();
  readonly #histogram: RecordableHistogram = createHistogram({
    lowest: 1,
    highest: LATENCY_MAX_US,
    figures: 3,
  });
  #accepted = 0;
  #refused = 0;
  #failed = 0;
  #firstError: string | undefined;
  #lastAnswerMs = this.#startedMs;

  get startedMs(): number {
    return this.#startedMs;
  }

  get failed(): number {
    return this.#failed;
  }

  /** A call that was answered; `sinceMs` is when its latency began, on the clock of `performance.now()`. */
  answered(sinceMs: number, { accepted, refused }: CallOutcome): void {
    this.#accepted += accepted;
    this.#refused += refused;
    this.#lastAnswerMs = performance.now();
    this.latency(this.#lastAnswerMs - sinceMs);
  }

  /** A latency that was measured elsewhere. */
  latency(durationMs: number): void {
    const microseconds = Math.round(durationMs * MICROSECONDS);
    this.#histogram.record(Math.min(LATENCY_MAX_US, Math.max(1, microseconds)));
  }

  /** A call of `commands` commands failed. */
  failure(commands: number, error: unknown): void {
    this.#failed += commands;
    this.#lastAnswerMs = performance.now();
    this.#firstError ??= error instanceof Error ? error.message : String(error);
  }

  finish(): LoadResult {
    return {
      accepted: this.#accepted,
      refused: this.#refused,
      failed: this.#failed,
      seconds: (this.#lastAnswerMs - this.#startedMs) / 1_000,
      latencyMs: latencySummary(this.#histogram),
      ...(this.#firstError === undefined ? {} : { firstError: this.#firstError }),
    };
  }
}

function latencySummary(histogram: RecordableHistogram): LatencySummary {
  const at = (percentile: number): number =>
    histogram.count === 0 ? 0 : histogram.percentile(percentile) / MICROSECONDS;
  return {
    p50: at(PERCENTILES.p50),
    p95: at(PERCENTILES.p95),
    p99: at(PERCENTILES.p99),
    max: histogram.count === 0 ? 0 : histogram.max / MICROSECONDS,
  };
}
