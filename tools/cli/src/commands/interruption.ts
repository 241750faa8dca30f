const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
// One Ctrl-C reaches this process from the terminal and again from npm: that is not a second wish.
const SAME_WISH_MS = 1_000;

/** Two-step interruption: the first signal stops gently, a later one ends what is under way. */
export interface Interruption {
  readonly stop: AbortSignal;
  readonly abort: AbortSignal;
  /** Gives the signals back to their default. */
  readonly release: () => void;
}

/** Listens for Ctrl-C and for being asked to end. */
export function listenForInterruption(): Interruption {
  const stop = new AbortController();
  const abort = new AbortController();
  let firstAtMs: number | undefined;
  const listener = (): void => {
    const nowMs = performance.now();
    firstAtMs ??= nowMs;
    if (nowMs - firstAtMs < SAME_WISH_MS) stop.abort();
    else abort.abort();
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return {
    stop: stop.signal,
    abort: abort.signal,
    release: () => {
      for (const signal of SIGNALS) process.off(signal, listener);
    },
  };
}
