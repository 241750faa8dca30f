import { Controller, Module } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { legacyBalance } from '@steelyard/contracts/grpc';
import { grpcClient, MESSAGE_MAX_BYTES } from '../src/grpc/index.js';
import { createApp } from '../src/lifecycle/index.js';
import {
  createLogger,
  createMetrics,
  currentCorrelationId,
  withCorrelationId,
} from '../src/observability/index.js';
import { OutageError } from '../src/outage/index.js';
import { RequestTooLargeError, RpcError, type RpcClient } from '../src/rpc/index.js';
import { eventually } from '@steelyard/testing/wait';
import { freePort } from '@steelyard/testing/processes';

type Definition = typeof legacyBalance.BalanceServiceService;

const BEYOND_A_NUMBER = 9_007_199_254_740_993n;
const NEVER = new Promise<never>(() => undefined);

const seenCorrelationIds: (string | undefined)[] = [];
const logged: unknown[] = [];

@Controller()
class BalanceController {
  @GrpcMethod('balance.BalanceService', 'GetBalance')
  getBalance({ accountId }: legacyBalance.GetBalanceRequest): Promise<legacyBalance.GetBalanceResponse> {
    seenCorrelationIds.push(currentCorrelationId());
    if (accountId === 'silent') return NEVER;
    if (accountId === 'refused') throw new RpcError('INVALID_ARGUMENT', 'account_id is malformed: ä');
    if (accountId === 'outage') throw new OutageError('the database is away');
    if (accountId === 'bug') throw new TypeError('secret inner workings');
    const balance = BEYOND_A_NUMBER;
    return Promise.resolve({
      accountId,
      balance,
      availableBalance: -balance,
      currency: 'CHIPS',
      version: 1n,
    });
  }
}

@Module({ controllers: [BalanceController] })
class BalanceModule {}

let app: NestFastifyApplication;
let client: RpcClient<Definition>;
let address: string;

async function serve(url: string): Promise<NestFastifyApplication> {
  const logger = createLogger('spec', 'info', { write: (line) => void logged.push(JSON.parse(line)) });
  const runtime = {
    name: 'spec',
    version: '0',
    logger,
    metrics: createMetrics('spec'),
    onClose: () => undefined,
  };
  const served = await createApp(
    {
      name: 'spec',
      loadConfig: () => ({ LOG_LEVEL: 'info' as const }),
      module: () => BalanceModule,
      port: () => 0,
      host: () => '127.0.0.1',
      grpc: () => ({ services: { 'balance.BalanceService': legacyBalance.BalanceServiceService }, url }),
    },
    { LOG_LEVEL: 'info' as const },
    runtime,
  );
  await served.init();
  await served.startAllMicroservices();
  return served;
}

beforeAll(async () => {
  address = `127.0.0.1:${await freePort()}`;
  app = await serve(address);
  client = grpcClient(legacyBalance.BalanceServiceService, { address, deadlineMs: 60_000 });
});
afterAll(async () => {
  await client.close();
  await app.close();
});
afterEach(() => {
  seenCorrelationIds.length = 0;
  logged.length = 0;
});

describe('gRPC client and server', () => {
  it('carry int64 as bigint both ways', async () => {
    expect(await client.call('getBalance', { accountId: 'alice' })).toEqual({
      accountId: 'alice',
      balance: BEYOND_A_NUMBER,
      availableBalance: -BEYOND_A_NUMBER,
      currency: 'CHIPS',
      version: 1n,
    });
  });

  it('carry the correlation id', async () => {
    await withCorrelationId('c-1', () => client.call('getBalance', { accountId: 'alice' }));
    expect(seenCorrelationIds).toEqual(['c-1']);
  });

  it('give a call that comes without a correlation id one', async () => {
    await client.call('getBalance', { accountId: 'alice' });
    expect(seenCorrelationIds).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  });

  it('pass a status and its text on', async () => {
    const failure = client.call('getBalance', { accountId: 'refused' });
    await expect(failure).rejects.toMatchObject({
      name: 'RpcError',
      status: 'INVALID_ARGUMENT',
      message: 'account_id is malformed: ä',
    });
    expect(logged).toEqual([]);
  });

  it('tell an outage behind the server as an outage', async () => {
    await expect(client.call('getBalance', { accountId: 'outage' })).rejects.toBeInstanceOf(OutageError);
    expect(logged).toEqual([
      expect.objectContaining({ event: 'rpc.outage', correlationId: expect.any(String) }),
    ]);
  });

  it('keep a bug to themselves and log it once', async () => {
    await expect(client.call('getBalance', { accountId: 'bug' })).rejects.toMatchObject({
      status: 'INTERNAL',
      message: 'something went wrong on our side',
    });
    expect(logged).toEqual([
      expect.objectContaining({ event: 'rpc.failed', correlationId: expect.any(String) }),
    ]);
  });

  it('tell an outage at the deadline', async () => {
    const call = client.call('getBalance', { accountId: 'silent' }, { deadlineMs: 50 });
    await expect(call).rejects.toBeInstanceOf(OutageError);
  });

  it('do not send what is too large', async () => {
    const call = client.call('getBalance', { accountId: 'x'.repeat(MESSAGE_MAX_BYTES) });
    await expect(call).rejects.toBeInstanceOf(RequestTooLargeError);
    expect(seenCorrelationIds).toEqual([]);
  });

  it('tell an outage where nothing listens, and find a server that comes later', async () => {
    const later = `127.0.0.1:${await freePort()}`;
    const early = grpcClient(legacyBalance.BalanceServiceService, { address: later, deadlineMs: 60_000 });
    await expect(early.call('getBalance', { accountId: 'alice' })).rejects.toBeInstanceOf(OutageError);
    const served = await serve(later);
    try {
      await expect(callUntilAnswered(early)).resolves.toMatchObject({ accountId: 'alice' });
    } finally {
      await early.close();
      await served.close();
    }
  });
});

/** The channel backs off for at most two seconds, in which calls fail at once. */
async function callUntilAnswered(later: RpcClient<Definition>): Promise<legacyBalance.GetBalanceResponse> {
  return eventually(() => later.call('getBalance', { accountId: 'alice' }));
}
