const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** No run should take longer; the default takes less than ten minutes. */
const RUN_MAX_MS = 90 * 60_000;

/** Somebody asked the run to end. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

/**
 * Aborted when the run should end: by a signal, because the program that started this one is gone, or because it
 * takes far too long. The run then ends after the window under way and stops all that it started.
 */
export function stopSignal(): AbortSignal {
  const stopped = new AbortController();
  const stop = (): void => stopped.abort(new StoppedError('the run was stopped'));
  for (const signal of SIGNALS) process.on(signal, stop);
  if (process.channel !== undefined) process.once('disconnect', stop);
  return AbortSignal.any([stopped.signal, AbortSignal.timeout(RUN_MAX_MS)]);
}
