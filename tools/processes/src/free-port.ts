import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import getPort, { portNumbers } from 'get-port';

/**
 * Below the range from which kernels take the ports of outgoing connections (32768 on Linux, 49152
 * elsewhere): a server that is killed and restarted finds its port still free.
 */
const RANGE = { first: 20_000, last: 31_500, span: 500 } as const;
const ATTEMPTS_MAX = 100;

/**
 * A TCP port that is free on 127.0.0.1 now and that no process of this machine gets from here again before this one
 * has ended: also while nobody listens on it yet, and while its server is being restarted.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    // A random start keeps parallel processes apart most of the time.
    const from = randomInt(RANGE.first, RANGE.last);
    const port = await getPort({ host: '127.0.0.1', port: portNumbers(from, from + RANGE.span) });
    if (await claim(port)) return port;
  }
  throw new Error(`no free port was found in ${ATTEMPTS_MAX} attempts: end processes that listen on many`);
}

/**
 * Takes a port for this process by the UDP port of the same number, which nothing here uses otherwise: the kernel
 * gives it to one process and takes it back when that ends, however it ends.
 */
async function claim(port: number): Promise<boolean> {
  const socket = createSocket('udp4').unref();
  try {
    socket.bind({ port, address: '127.0.0.1', exclusive: true });
    await once(socket, 'listening');
    return true;
  } catch {
    socket.close();
    return false;
  }
}

/** Whether nothing listens on the port of the host. */
export function isPortFree(port: number, host: string): Promise<boolean> {
  return new Promise((answer) => {
    const probe = createServer();
    probe.once('error', () => answer(false));
    probe.listen(port, host, () => probe.close(() => answer(true)));
  });
}
