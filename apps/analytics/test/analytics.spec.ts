import { Server, ServerCredentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { requireServer, startNats } from '@steelyard/testing/nats';
import { useDatabase } from '@steelyard/testing/postgres';
import { startApp, type RunningApp } from '@steelyard/testing/processes';
import type { KillableServer } from '@steelyard/testing/servers';
import { eventually } from '@steelyard/testing/wait';

const database = useDatabase();

requireServer('nats')('analytics', () => {
  const balance = new Server();
  let nats: KillableServer;
  let app: RunningApp;

  beforeAll(async () => {
    const port = await new Promise<number>((resolve, reject) =>
      balance.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    nats = await startNats();
    app = await startApp('analytics', {
      DATABASE_URL: database.url,
      NATS_URL: nats.url,
      TRANSPORT: 'nats',
      BALANCE_GRPC_PORT: String(port),
    });
  });
  afterAll(async () => {
    await app.stop();
    await nats.stop();
    balance.forceShutdown();
  });

  async function states(): Promise<unknown> {
    const { checks } = (await (await fetch(`${app.httpUrl}/ready`)).json()) as {
      checks: { name: string; state: string }[];
    };
    return Object.fromEntries(checks.map(({ name, state }) => [name, state]));
  }

  it('is ready when everything that it needs is there', async () => {
    await eventually(async () =>
      expect(await states()).toEqual({ postgres: 'up', balance: 'up', nats: 'up' }),
    );
  });

  it('notices that NATS is gone and that it is back', async () => {
    await nats.kill9();
    await eventually(async () =>
      expect(await states()).toEqual({ postgres: 'up', balance: 'up', nats: 'down' }),
    );
    await nats.restart();
    await eventually(async () =>
      expect(await states()).toEqual({ postgres: 'up', balance: 'up', nats: 'up' }),
    );
  });
});
