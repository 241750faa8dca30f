import { LoadRecorder, type CallOutcome, type LoadResult } from './load-recorder.js';

export interface ClosedLoop {
  /** Calls under way at once. */
  readonly inFlight: number;
  /** Commands in one call: what a failed call leaves unknown. */
  readonly commandsPerCall: number;
  /** When to start no more calls: after a time, or after a number of calls. */
  readonly until: { readonly seconds: number } | { readonly calls: number };
  /** Rejects when nothing is known of its commands. */
  readonly call: () => Promise<CallOutcome>;
}

/** A side that only fails would otherwise fill the window, and the terminal, with it. */
const FAILURES_MAX = 1_000;

/**
 * Keeps a number of calls going, each starting when one before it ended, and waits for the last. Says how much
 * comes through; its latencies hide waiting that never happened, for which there is {@link openLoop}.
 */
export async function closedLoop(options: ClosedLoop): Promise<LoadResult> {
  const recorder = new LoadRecorder();
  const { until } = options;
  const deadlineMs = 'seconds' in until ? recorder.startedMs + until.seconds * 1_000 : Infinity;
  let callsLeft = 'calls' in until ? until.calls : Infinity;
  const goesOn = (): boolean =>
    callsLeft > 0 && performance.now() < deadlineMs && recorder.failed < FAILURES_MAX;

  const worker = async (): Promise<void> => {
    while (goesOn()) {
      callsLeft -= 1;
      const startedMs = performance.now();
      try {
        recorder.answered(startedMs, await options.call());
      } catch (error) {
        recorder.failure(options.commandsPerCall, error);
      }
    }
  };
  await Promise.all(Array.from({ length: options.inFlight }, worker));
  return recorder.finish();
}
