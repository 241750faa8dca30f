import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from '@jest/globals';
import { requireServer, startNats } from './index.js';

/** What a NATS server says of itself to everyone who connects. */
async function serverInfo(port: number): Promise<unknown> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    const chunks: unknown[] = await once(socket, 'data');
    return JSON.parse(String(chunks[0]).slice('INFO '.length));
  } finally {
    socket.destroy();
  }
}

requireServer('nats')('startNats', () => {
  it('has JetStream, is gone after kill -9 and comes back on the same port', async () => {
    const server = await startNats();
    try {
      expect(await serverInfo(server.port)).toMatchObject({ jetstream: true, port: server.port });
      await server.kill9();
      await expect(serverInfo(server.port)).rejects.toThrow('ECONNREFUSED');
      await server.restart();
      expect(await serverInfo(server.port)).toMatchObject({ jetstream: true });
    } finally {
      await server.stop();
    }
  });
});
