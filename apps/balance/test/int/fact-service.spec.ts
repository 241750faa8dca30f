import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { balanceV1, factsV1 } from '@steelyard/contracts/grpc';
import { bucketOf } from '@steelyard/domain/accounts';
import { grpcClient } from '@steelyard/platform/grpc';
import { connectNats, natsRpcClient, type NatsConnection } from '@steelyard/platform/messaging';
import type { RpcClient } from '@steelyard/platform/rpc';
import { requireServer, startNats } from '@steelyard/testing/nats';
import { useBalanceApp } from '../support/use-balance-app.js';
import { wire } from '../support/wire.js';

const DEADLINE_MS = 60_000;

type Facts = RpcClient<typeof factsV1.FactServiceService>;
type Balance = RpcClient<typeof balanceV1.BalanceServiceService>;

function describeFactService(clients: () => { readonly facts: Facts; readonly balance: Balance }): void {
  const account = 'facts-account';
  const bucket = bucketOf(account, 64);

  beforeAll(async () => {
    const commands = Array.from({ length: 12 }, () => wire.deposit(account));
    await clients().balance.call('execute', { commands });
  });

  it('reads the facts of a bucket after a sequence, page by page', async () => {
    const sequences: bigint[] = [];
    for (let after = 0n; ;) {
      const page = await clients().facts.call('readFacts', { bucket, afterSequence: after, limit: 5 });
      expect(page.headSequence).toBeGreaterThanOrEqual(12n);
      if (page.facts.length === 0) break;
      sequences.push(...page.facts.map(({ sequence }) => sequence));
      after = sequences.at(-1) ?? 0n;
    }
    expect(sequences).toEqual(sequences.map((_, i) => BigInt(i + 1)));
    const { heads, deploymentId } = await clients().facts.call('getHeads', {});
    expect(deploymentId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(heads).toHaveLength(64);
    expect(heads[bucket]).toEqual({ bucket, sequence: sequences.at(-1) });
  });

  it('reads up to the default number when none is asked for, and nothing behind the head', async () => {
    const { facts, headSequence } = await clients().facts.call('readFacts', {
      bucket,
      afterSequence: 0n,
      limit: 0,
    });
    expect(BigInt(facts.length)).toBe(headSequence);
    const behind = { bucket, afterSequence: headSequence + 5n, limit: 10 };
    expect(await clients().facts.call('readFacts', behind)).toEqual({ facts: [], headSequence });
  });

  it.each([
    [
      'a bucket that there is not',
      { bucket: 64, afterSequence: 0n, limit: 1 },
      'bucket must be between 0 and 63',
    ],
    [
      'a negative sequence',
      { bucket: 0, afterSequence: -1n, limit: 1 },
      'afterSequence must not be negative',
    ],
    [
      'a page that is too large',
      { bucket: 0, afterSequence: 0n, limit: 1_001 },
      'limit must be between 1 and 1000',
    ],
  ])('refuses %s', async (_what, request, message) => {
    await expect(clients().facts.call('readFacts', request)).rejects.toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: `INVALID_REQUEST: ${message}`,
    });
  });
}

describe('the fact service over gRPC', () => {
  let facts: Facts | undefined;
  let balance: Balance | undefined;
  afterAll(async () => {
    await facts?.close();
    await balance?.close();
  });
  const app = useBalanceApp();
  beforeAll(() => {
    const settings = { address: app.grpcAddress, deadlineMs: DEADLINE_MS };
    facts = grpcClient(factsV1.FactServiceService, settings);
    balance = grpcClient(balanceV1.BalanceServiceService, settings);
  });
  describeFactService(() => {
    if (!facts || !balance) throw new Error('the clients exist only while tests run');
    return { facts, balance };
  });
});

requireServer('nats')('the fact service over NATS', () => {
  let server: Awaited<ReturnType<typeof startNats>> | undefined;
  let connection: NatsConnection | undefined;
  afterAll(() => connection?.close());
  useBalanceApp(async () => {
    server = await startNats();
    return { TRANSPORT: 'nats', NATS_URL: server.url };
  });
  beforeAll(async () => {
    connection = await connectNats(server?.url ?? '', 'facts test');
  });
  afterAll(() => server?.stop());
  describeFactService(() => {
    if (!connection) throw new Error('the clients exist only while tests run');
    return {
      facts: natsRpcClient(connection, factsV1.FactServiceService, { deadlineMs: DEADLINE_MS }),
      balance: natsRpcClient(connection, balanceV1.BalanceServiceService, { deadlineMs: DEADLINE_MS }),
    };
  });
});
