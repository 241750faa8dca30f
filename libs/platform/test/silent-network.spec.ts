import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool, OutageError, type Pool } from '../src/postgres/index.js';
import { useDatabase } from '@steelyard/testing/postgres';
import { eventually } from '@steelyard/testing/wait';

const database = useDatabase();

/** Passes bytes on until it is told to swallow them, as a network does whose other end has vanished. */
class SwallowingProxy {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #swallows = false;

  constructor(target: URL) {
    this.#server = createServer((client) => {
      const upstream = connect(Number(target.port), target.hostname);
      this.#pass(client, upstream);
      this.#pass(upstream, client);
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return (this.#server.address() as AddressInfo).port;
  }

  swallow(): void {
    this.#swallows = true;
  }

  /** Ends every connection, as a server does that is killed. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((done) => this.#server.close(done));
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
    from.on('data', (bytes) => {
      if (!this.#swallows) to.write(bytes);
    });
  }
}

let proxy: SwallowingProxy;
let pool: Pool;
beforeAll(async () => {
  const url = new URL(database.url);
  proxy = new SwallowingProxy(new URL(database.url));
  url.port = String(await proxy.listen());
  pool = createPool({ url: url.href, applicationName: 'silence spec', statementTimeoutMs: 100, sizeMax: 1 });
});
afterAll(async () => {
  await pool.end();
  await proxy.close();
});

/** Its statements may not take long, and on a busy machine one may. */
const connected = () => eventually(() => pool.query('select 1'));

describe('a connection that is cut', () => {
  it('ends the wait for an answer with an outage', async () => {
    await connected();
    const underWay = pool.query('select pg_sleep(0.05)');
    proxy.cut();
    await expect(underWay).rejects.toBeInstanceOf(OutageError);
    await connected();
  });
});

describe('a network that swallows everything', () => {
  it('ends the wait for an answer with an outage', async () => {
    await connected();
    proxy.swallow();
    await expect(pool.query('select 2')).rejects.toBeInstanceOf(OutageError);
  });
});
