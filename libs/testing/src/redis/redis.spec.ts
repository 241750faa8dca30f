import { expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { requireServer, startRedis } from './index.js';

async function withClient<Result>(url: string, use: (client: Redis) => Promise<Result>): Promise<Result> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: null });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}

requireServer('redis')('startRedis', () => {
  it('is gone after kill -9 and keeps its data over an orderly restart', async () => {
    const server = await startRedis();
    try {
      await withClient(server.url, (client) => client.set('proof', '7'));
      await server.restart();
      expect(await withClient(server.url, (client) => client.get('proof'))).toBe('7');
      await server.kill9();
      await expect(withClient(server.url, (client) => client.ping())).rejects.toThrow();
    } finally {
      await server.stop();
    }
  });
});
