import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { legacyBalance } from '@steelyard/contracts/grpc';
import {
  connectNats,
  natsFirstRpcClient,
  NatsLink,
  natsRpcServer,
  type NatsConnection,
  type NatsRpcServer,
} from '../src/messaging/index.js';
import { createLogger } from '../src/observability/index.js';
import { OutageError } from '../src/outage/index.js';
import { RpcError, type RpcClient, type RpcHandlers } from '../src/rpc/index.js';
import { requireServer, startNats } from '@steelyard/testing/nats';
import type { KillableServer } from '@steelyard/testing/servers';
import { eventually } from '@steelyard/testing/wait';

type Definition = typeof legacyBalance.BalanceServiceService;
type GetBalance = RpcHandlers<Definition>['getBalance'];

/** Nobody in these tests waits for it: who is not answered goes the other way when the connection is lost. */
const DEADLINE_MS = 240_000;

const definition = { getBalance: legacyBalance.BalanceServiceService.getBalance };

/** Answers that say which way the call went. */
function answering(currency: string): GetBalance {
  return async ({ accountId }) => ({
    accountId,
    balance: 1n,
    availableBalance: 1n,
    currency,
    version: 1n,
  });
}

requireServer('nats')('a client that calls over NATS first', () => {
  const events: string[] = [];
  const logger = createLogger('spec', 'info', {
    write: (line) => void events.push((JSON.parse(line) as { event: string }).event),
  });
  const handlers: { getBalance: GetBalance } = { getBalance: answering('over NATS') };
  let otherWay: GetBalance = answering('the other way');
  const fallback = {
    call: (_: 'getBalance', request: legacyBalance.GetBalanceRequest) => otherWay(request),
    close: async () => undefined,
  } as unknown as RpcClient<typeof definition>;

  let nats: KillableServer;
  let serverSide: NatsConnection;
  let server: NatsRpcServer;
  let link: NatsLink;
  let client: RpcClient<typeof definition>;
  const way = async (deadlineMs?: number) =>
    (await client.call('getBalance', { accountId: 'alice' }, deadlineMs === undefined ? {} : { deadlineMs }))
      .currency;
  const serve = () =>
    natsRpcServer(serverSide, definition, handlersOf(handlers), { queue: 'balance', logger });

  beforeAll(async () => {
    nats = await startNats();
    serverSide = await connectNats(nats.url, 'spec server');
    server = await serve();
    link = await NatsLink.open(nats.url, { name: 'spec client', logger, isOptional: false });
  });
  afterAll(async () => {
    await link.close();
    await serverSide.close();
    await nats.stop();
  });
  beforeEach(() => {
    handlers.getBalance = answering('over NATS');
    otherWay = answering('the other way');
    client = natsFirstRpcClient(link, definition, { fallback, deadlineMs: DEADLINE_MS });
  });
  afterEach(() => void events.splice(0));

  it('calls over NATS', async () => expect(await way()).toBe('over NATS'));

  it('passes on what the peer answered with, outages included', async () => {
    handlers.getBalance = () => Promise.reject(new RpcError('INVALID_ARGUMENT', 'malformed'));
    await expect(way()).rejects.toMatchObject({ status: 'INVALID_ARGUMENT' });
    handlers.getBalance = () => Promise.reject(new OutageError('the database is away'));
    await expect(way()).rejects.toBeInstanceOf(OutageError);
  });

  it('takes the other way when nobody answers in time, and for a while after that', async () => {
    await eventually(async () => {
      handlers.getBalance = () => new Promise(() => undefined);
      expect(await way(200)).toBe('the other way');
      handlers.getBalance = answering('over NATS');
      // Unless this process stood still until it was over.
      expect(await way()).toBe('the other way');
    });
  });

  it('keeps the caller’s deadline over both ways', async () => {
    let leftMs = 0;
    const measured = {
      call: async (...[, , options]: Parameters<RpcClient<typeof definition>['call']>) => {
        leftMs = options?.deadlineMs ?? 0;
        return {};
      },
      close: async () => undefined,
    } as unknown as RpcClient<typeof definition>;
    handlers.getBalance = () => new Promise(() => undefined);
    client = natsFirstRpcClient(link, definition, { fallback: measured, deadlineMs: 1_000 });
    await way();
    expect(leftMs).toBeGreaterThan(0);
    expect(leftMs).toBeLessThanOrEqual(150);
  });

  it('takes a request that is too large for NATS the other way', async () => {
    const answer = await client.call('getBalance', { accountId: 'x'.repeat(2 ** 20 + 1) });
    expect(answer.currency).toBe('the other way');
  });

  it('takes the other way while nobody serves, and comes back', async () => {
    // The silent calls above never end, so closing is not awaited.
    void server.close();
    await eventually(async () => (await way()) === 'the other way');
    server = await serve();
    expect(await way()).toBe('over NATS');
  });

  it('moves calls under way and later ones when the server is killed, and comes back with it', async () => {
    let isAsked = false;
    handlers.getBalance = () => {
      isAsked = true;
      return new Promise(() => undefined);
    };
    const underWay = way();
    await eventually(() => isAsked);
    await nats.kill9();
    // Long before their deadline.
    expect(await underWay).toBe('the other way');
    expect(await way()).toBe('the other way');
    handlers.getBalance = answering('over NATS');
    await nats.restart();
    await eventually(async () => (await way()) === 'over NATS');
    expect(events).toEqual(['nats.lost', 'nats.regained']);
  });

  it('fails with an outage when the other way is closed too', async () => {
    otherWay = () => Promise.reject(new OutageError('nothing listens'));
    await nats.kill9();
    await expect(way()).rejects.toBeInstanceOf(OutageError);
    await nats.restart();
    await eventually(async () => (await way()) === 'over NATS');
  });
});

requireServer('nats')('an optional link', () => {
  it('works from when the server comes up', async () => {
    const logger = createLogger('spec', 'silent');
    const nats = await startNats();
    await nats.kill9();
    const link = await NatsLink.open(nats.url, { name: 'spec', logger, isOptional: true });
    let served: NatsConnection | undefined;
    await link.whenConnected(async (connection) => void (served = connection));
    expect(served).toBeUndefined();
    await expect(link.flush()).rejects.toBeInstanceOf(OutageError);
    await nats.restart();
    await eventually(() => served !== undefined && served === link.connection);
    await link.flush();
    await link.close();
    await nats.stop();
  });

  it('can be closed while no server is up', async () => {
    const logger = createLogger('spec', 'silent');
    const link = await NatsLink.open('nats://127.0.0.1:1', { name: 'spec', logger, isOptional: true });
    await link.close();
    expect(link.connection).toBeUndefined();
  });

  it('that is not optional fails where nothing comes up', async () => {
    await expect(connectNats('nats://127.0.0.1:1', 'spec', { waitMs: 300 })).rejects.toBeInstanceOf(
      OutageError,
    );
  });
});

/** Handlers that can be exchanged while they serve. */
function handlersOf(current: { getBalance: GetBalance }): RpcHandlers<typeof definition> {
  return { getBalance: (request) => current.getBalance(request) };
}
