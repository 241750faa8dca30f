import { setTimeout as delay } from 'node:timers/promises';
import { LoadRecorder, type CallOutcome, type LoadResult } from './load-recorder.js';

export interface OpenLoop {
  readonly perSecond: number;
  readonly seconds: number;
  /** Calls under way at most; what would start beyond them counts as failed, at once. */
  readonly inFlightMax: number;
  readonly call: () => Promise<CallOutcome>;
}

/** The finest that the timers of Node do. It is part of every latency: the load is never late for free. */
const TICK_MS = 1;

/**
 * Starts calls at a fixed rate, whatever the answers do, and counts each latency from the instant at which the
 * call should have started. So a stall shows in all calls that it delayed, not only in the one that it hit.
 */
export async function openLoop(options: OpenLoop): Promise<LoadResult> {
  const { perSecond, seconds, inFlightMax, call } = options;
  const recorder = new LoadRecorder();
  const total = Math.round(perSecond * seconds);
  const intervalMs = 1_000 / perSecond;
  const underWay = new Set<Promise<void>>();
  const start = (intendedMs: number): void => {
    if (underWay.size >= inFlightMax) {
      recorder.failure(1, new Error(`${inFlightMax} calls were under way already`));
      return;
    }
    const running = call()
      .then((outcome) => recorder.answered(intendedMs, outcome))
      .catch((error: unknown) => recorder.failure(1, error))
      .finally(() => underWay.delete(running));
    underWay.add(running);
  };

  for (let started = 0; started < total; await delay(TICK_MS)) {
    const due = Math.min(total, Math.floor((performance.now() - recorder.startedMs) / intervalMs) + 1);
    for (; started < due; started++) start(recorder.startedMs + started * intervalMs);
  }
  await Promise.all(underWay);
  return recorder.finish();
}
