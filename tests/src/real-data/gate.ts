import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that shuts when so much has passed: whoever calls through it is interrupted in the middle. */
export interface Gate {
  /** host:port to call instead of the server's. */
  readonly address: string;
  /** Resolves when it shuts: from then on nothing passes, and nothing is refused either. */
  readonly shut: Promise<void>;
  /** Lets everything pass, for good. */
  open(): void;
  close(): void;
}

/**
 * Opens a way to a server on 127.0.0.1.
 *
 * @param bytesMax what callers may send until it shuts
 */
export async function openGate(port: number, bytesMax: number): Promise<Gate> {
  const sockets = new Set<Socket>();
  let bytesLeft = bytesMax;
  let tell = (): void => undefined;
  const shut = new Promise<void>((resolve) => (tell = resolve));
  const pass = (from: Socket, to: Socket, count: (bytes: number) => void): void => {
    sockets.add(from);
    from.on('data', (bytes) => {
      to.write(bytes);
      count(bytes.length);
    });
    from.on('error', () => from.destroy());
    from.once('close', () => {
      sockets.delete(from);
      to.end();
    });
    if (bytesLeft <= 0) from.pause();
  };
  const spend = (bytes: number): void => {
    bytesLeft -= bytes;
    if (bytesLeft > 0) return;
    for (const socket of sockets) socket.pause();
    tell();
  };
  const server = createServer((caller) => {
    const called = connect(port, '127.0.0.1');
    pass(caller, called, spend);
    pass(called, caller, () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('a gate listens on a port');
  return {
    address: `127.0.0.1:${bound.port}`,
    shut,
    open: () => {
      bytesLeft = Infinity;
      for (const socket of sockets) socket.resume();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
