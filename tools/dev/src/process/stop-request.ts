const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls the handler once when this process should end: on a signal, or when the bootstrap that started it is
 * gone and its IPC channel closes. Later requests are ignored: Ctrl-C arrives several times, from the terminal
 * and from each process above, and stopping in order must not be cut short by that.
 */
export function onStopRequest(handler: (reason: string) => void): void {
  let isRequested = false;
  const request = (reason: string): void => {
    if (isRequested) return;
    isRequested = true;
    handler(reason);
  };
  for (const signal of SIGNALS) process.on(signal, () => request(signal));
  if (process.channel !== undefined) process.once('disconnect', () => request('the bootstrap ended'));
}
