import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import getPort, { portNumbers } from 'get-port';

/**
 * Below the range from which kernels take the ports of outgoing connections (32768 on Linux, 49152
 * elsewhere): a server that is killed and restarted finds its port still free.
 */
const RANGE = { first: 20_000, last: 31_500, span: 500 } as const;

/** A TCP port that is free on 127.0.0.1 now and is not handed out again by this process for a while. */
export async function freePort(): Promise<number> {
  // A random start keeps parallel test processes apart; they do not know of each other's choices.
  const from = randomInt(RANGE.first, RANGE.last);
  return getPort({ host: '127.0.0.1', port: portNumbers(from, from + RANGE.span) });
}

/** Whether nothing listens on the port of the host. */
export function isPortFree(port: number, host: string): Promise<boolean> {
  return new Promise((answer) => {
    const probe = createServer();
    probe.once('error', () => answer(false));
    probe.listen(port, host, () => probe.close(() => answer(true)));
  });
}
