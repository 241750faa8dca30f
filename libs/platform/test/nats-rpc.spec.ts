import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { legacyBalance } from '@steelyard/contracts/grpc';
import { connectNats, natsRpcClient, natsRpcServer, type NatsRpcServer } from '../src/messaging/index.js';
import { createLogger, currentCorrelationId, withCorrelationId } from '../src/observability/index.js';
import { OutageError } from '../src/outage/index.js';
import { RequestTooLargeError, RpcError, type RpcClient, type RpcHandlers } from '../src/rpc/index.js';
import { requireServer, startNats } from '@steelyard/testing/nats';
import type { KillableServer } from '@steelyard/testing/servers';
import { eventually } from '@steelyard/testing/wait';

const { getBalance: GET_BALANCE, ensureAccount: ENSURE_ACCOUNT } = legacyBalance.BalanceServiceService;
const definition = { getBalance: GET_BALANCE, ensureAccount: ENSURE_ACCOUNT };

type Definition = typeof definition;

const BEYOND_A_NUMBER = 9_007_199_254_740_993n;
const SUBJECT = 'balance.BalanceService.GetBalance';
const PAYLOAD_MAX_BYTES = 1_048_576;

requireServer('nats')('RPC over NATS', () => {
  const logged: unknown[] = [];
  const seenCorrelationIds: (string | undefined)[] = [];
  const logger = createLogger('spec', 'info', { write: (line) => void logged.push(JSON.parse(line)) });

  let nats: KillableServer;
  let serverSide: NatsConnection;
  let clientSide: NatsConnection;
  let server: NatsRpcServer;
  let client: RpcClient<Definition>;

  async function getBalance({
    accountId,
  }: legacyBalance.GetBalanceRequest): Promise<legacyBalance.GetBalanceResponse> {
    seenCorrelationIds.push(currentCorrelationId());
    if (accountId === 'silent') return new Promise(() => undefined);
    if (accountId === 'refused') throw new RpcError('INVALID_ARGUMENT', 'malformed:\n ä');
    if (accountId === 'outage') throw new OutageError('the database is away');
    if (accountId === 'bug') throw new TypeError('secret inner workings');
    const currency = accountId === 'large' ? 'x'.repeat(PAYLOAD_MAX_BYTES) : 'CHIPS';
    return { accountId, balance: BEYOND_A_NUMBER, availableBalance: 0n, currency, version: 1n };
  }
  const unused = () => Promise.reject(new RpcError('UNIMPLEMENTED', 'not here'));
  const handlers: RpcHandlers<Definition> = { getBalance, ensureAccount: unused };

  beforeAll(async () => {
    nats = await startNats();
    serverSide = await connectNats(nats.url, 'spec server');
    clientSide = await connectNats(nats.url, 'spec client');
    server = await natsRpcServer(serverSide, definition, handlers, {
      queue: 'balance',
      logger,
    });
    client = natsRpcClient(clientSide, definition, { deadlineMs: 60_000 });
  });
  afterAll(async () => {
    await clientSide.close();
    await serverSide.close();
    await nats.stop();
  });
  afterEach(() => {
    logged.length = 0;
    seenCorrelationIds.length = 0;
  });

  it('carries int64 as bigint', async () => {
    const answer = await client.call('getBalance', { accountId: 'alice' });
    expect(answer).toMatchObject({ accountId: 'alice', balance: BEYOND_A_NUMBER });
  });

  it('carries the correlation id', async () => {
    await withCorrelationId('c-1', () => client.call('getBalance', { accountId: 'alice' }));
    expect(seenCorrelationIds).toEqual(['c-1']);
  });

  it('passes a status and its text on', async () => {
    const call = client.call('getBalance', { accountId: 'refused' });
    await expect(call).rejects.toMatchObject({
      name: 'RpcError',
      status: 'INVALID_ARGUMENT',
      message: 'malformed:\n ä',
    });
  });

  it('tells an outage behind the server as an outage', async () => {
    await expect(client.call('getBalance', { accountId: 'outage' })).rejects.toBeInstanceOf(OutageError);
  });

  it('keeps a bug to itself and logs it once', async () => {
    const call = client.call('getBalance', { accountId: 'bug' });
    await expect(call).rejects.toMatchObject({
      status: 'INTERNAL',
      message: 'something went wrong on our side',
    });
    expect(logged).toEqual([
      expect.objectContaining({ event: 'rpc.failed', correlationId: expect.any(String) }),
    ]);
  });

  it('refuses bytes that are not a message', async () => {
    const answer = await clientSide.request(SUBJECT, new Uint8Array([255, 255, 255]), { timeout: 60_000 });
    expect(answer.headers?.get('x-rpc-status')).toBe('INVALID_ARGUMENT');
  });

  it('tells an outage at the deadline', async () => {
    const call = client.call('getBalance', { accountId: 'silent' }, { deadlineMs: 50 });
    await expect(call).rejects.toBeInstanceOf(OutageError);
  });

  it('does not send a request that is larger than the server takes', async () => {
    const call = client.call('getBalance', { accountId: 'x'.repeat(PAYLOAD_MAX_BYTES) });
    await expect(call).rejects.toBeInstanceOf(RequestTooLargeError);
    await expect(call).rejects.toMatchObject({ sizeMaxBytes: PAYLOAD_MAX_BYTES });
  });

  it('says so when the answer is larger than the server takes', async () => {
    await expect(client.call('getBalance', { accountId: 'large' })).rejects.toMatchObject({
      status: 'RESOURCE_EXHAUSTED',
    });
  });

  it('tells the calls beyond its bound to come later', async () => {
    const narrow = await natsRpcServer(
      serverSide,
      {
        getBalance: {
          ...GET_BALANCE,
          path: '/narrow.Service/GetBalance' as const,
        },
      },
      { getBalance },
      { queue: 'narrow', logger, callsMax: 1 },
    );
    const underWay = clientSide
      .request('narrow.Service.GetBalance', requestFor('silent'), { timeout: 500 })
      .catch(() => undefined);
    const refused = await clientSide.request('narrow.Service.GetBalance', requestFor('alice'), {
      timeout: 60_000,
    });
    expect(refused.headers?.get('x-rpc-status')).toBe('UNAVAILABLE');
    await underWay;
    expect(narrow).toBeDefined();
  });

  it('tells an outage where nobody serves', async () => {
    const other = natsRpcClient(
      clientSide,
      {
        getBalance: {
          ...GET_BALANCE,
          path: '/nobody.Service/GetBalance' as const,
        },
      },
      { deadlineMs: 60_000 },
    );
    await expect(other.call('getBalance', { accountId: 'alice' })).rejects.toBeInstanceOf(OutageError);
  });

  it('works again after the server was killed and is back', async () => {
    await nats.kill9();
    await expect(
      client.call('getBalance', { accountId: 'alice' }, { deadlineMs: 200 }),
    ).rejects.toBeInstanceOf(OutageError);
    await nats.restart();
    await eventually(() => client.call('getBalance', { accountId: 'alice' }, { deadlineMs: 5_000 }));
  });

  it('answers what is under way when it is closed, and takes nothing more', async () => {
    const underWay = client.call('getBalance', { accountId: 'alice' });
    await eventually(() => seenCorrelationIds.length === 1);
    // The silent calls of the tests above never end, so this one's close is not awaited.
    void server.close();
    await expect(underWay).resolves.toMatchObject({ accountId: 'alice' });
    await eventually(
      async () =>
        (await client
          .call('getBalance', { accountId: 'bob' }, { deadlineMs: 5_000 })
          .catch((error: unknown) => error)) instanceof OutageError,
    );
  });
});

requireServer('nats')('connectNats', () => {
  it('tells an outage where nothing listens', async () => {
    await expect(connectNats('nats://127.0.0.1:1', 'spec')).rejects.toBeInstanceOf(OutageError);
  });

  it('takes user and password from the URL', async () => {
    const guarded = await startNats(['--user', 'app', '--pass', 'p@ss']);
    try {
      await expect(connect({ servers: `127.0.0.1:${guarded.port}` })).rejects.toThrow();
      const connection = await connectNats(`nats://app:p%40ss@127.0.0.1:${guarded.port}`, 'spec');
      await connection.flush();
      await connection.close();
    } finally {
      await guarded.stop();
    }
  });
});

function requestFor(accountId: string): Buffer {
  return GET_BALANCE.requestSerialize({ accountId });
}
