import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { analyticsV1, factsV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import type { RpcClient } from '@steelyard/platform/rpc';
import { useDatabase } from '@steelyard/testing/postgres';
import { startApp, type RunningApp } from '@steelyard/testing/processes';
import { Client } from 'pg';

const DEADLINE_MS = 60_000;
const LAST_MS_OF_THE_DAY = BigInt(Date.parse('2026-03-31T23:59:59.999Z'));

// Before the database's own: everybody has left before it is dropped.
afterAll(async () => {
  await Promise.all([analytics.close(), facts.close(), superuser.end(), app.stop()]);
  balance.forceShutdown();
});
const database = useDatabase();
const balance = new Server();
let app: RunningApp;
let analytics: RpcClient<typeof analyticsV1.AnalyticsServiceService>;
let facts: RpcClient<typeof factsV1.FactConsumerServiceService>;
let superuser: Client;

beforeAll(async () => {
  const port = await new Promise<number>((resolve, reject) =>
    balance.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  app = await startApp('analytics', { DATABASE_URL: database.url, BALANCE_GRPC_PORT: String(port) });
  const settings = { address: app.grpcTarget ?? '', deadlineMs: DEADLINE_MS };
  analytics = grpcClient(analyticsV1.AnalyticsServiceService, settings);
  facts = grpcClient(factsV1.FactConsumerServiceService, settings);
  superuser = new Client({ connectionString: database.url });
  await superuser.connect();
});
beforeEach(() => superuser.query('truncate analytics.supply_daily, analytics.fact_inbox'));

type Moves = readonly (readonly [accountId: string, currency: string, amount: bigint])[];

function fact(sequence: bigint, kind: string, moves: Moves): factsV1.Fact {
  const entries = moves.map(([accountId, currency, amount]) => ({
    entryId: `entry-${sequence}`,
    accountId,
    currency,
    amount,
    balanceBefore: 0n,
    balanceAfter: 0n,
    sequence: 1n,
    checksum: 'c0ffee',
  }));
  return {
    bucket: 3,
    sequence,
    kind,
    factId: `fact-${sequence}`,
    committedAtMs: LAST_MS_OF_THE_DAY,
    idempotencyKey: '',
    dataJson: '{}',
    home: undefined,
    legs: [],
    entries,
  };
}

const deliver = (...given: factsV1.Fact[]) => facts.call('deliver', { bucket: 3, facts: given });
const supplyOf = async (currency: string) => (await analytics.call('getSupply', { currency })).currencies;

describe('the supply of currencies', () => {
  it('refuses what is no currency', async () => {
    await expect(supplyOf('no currency')).rejects.toMatchObject({ status: 'INVALID_ARGUMENT' });
  });

  it('is zero where nothing was moved', async () => {
    expect(await supplyOf('USD')).toMatchObject([{ currency: 'USD', circulating: 0n, issued: 0n }]);
    expect(await supplyOf('')).toEqual([]);
  });

  it('is what facts moved, each once, however often they come', async () => {
    const deposit = fact(1n, 'DEPOSIT', [
      ['@world/CHIPS', 'CHIPS', -900n],
      ['alice', 'CHIPS', 900n],
    ]);
    const opened = fact(2n, 'ACCOUNT_OPENED', []);
    const buyIn = fact(3n, 'BUY_IN', [
      ['alice', 'CHIPS', -400n],
      ['@table/oak/CHIPS', 'CHIPS', 400n],
    ]);
    await Promise.all([1, 2, 3].map(() => deliver(deposit, opened, buyIn)));
    const [supply] = await supplyOf('CHIPS');
    expect(supply).toMatchObject({ circulating: 900n, issued: 900n });
    expect(supply?.kinds.slice(0, 4).map(({ kind, balance: held }) => [kind, held])).toEqual([
      ['player', 500n],
      ['world', -900n],
      ['house', 0n],
      ['table', 400n],
    ]);
    expect(supply?.sources).toEqual([{ type: 'DEPOSIT', amount: 900n, entries: 1n }]);
  });

  it('is kept by currency, UTC day and type', async () => {
    const conversion: Moves = [
      ['alice', 'USD', -5n],
      ['@fx/USD', 'USD', 5n],
      ['@fx/CHIPS', 'CHIPS', -500n],
      ['alice-chips', 'CHIPS', 500n],
    ];
    await deliver(fact(1n, 'CONVERSION', conversion), fact(2n, 'CONVERSION', conversion), {
      ...fact(3n, 'CONVERSION', conversion.slice(0, 2)),
      committedAtMs: LAST_MS_OF_THE_DAY + 1n,
    });
    const { rows } = await superuser.query(
      `select currency, day::text, kind, entries::int, amount_in::int, amount_out::int
       from analytics.supply_daily order by currency, day, kind`,
    );
    const row = (currency: string, day: string, kind: string) => ({ currency, day, kind });
    expect(rows).toEqual([
      { ...row('CHIPS', '2026-03-31', 'fx'), entries: 2, amount_in: 0, amount_out: 1_000 },
      { ...row('CHIPS', '2026-03-31', 'player'), entries: 2, amount_in: 1_000, amount_out: 0 },
      { ...row('USD', '2026-03-31', 'fx'), entries: 2, amount_in: 10, amount_out: 0 },
      { ...row('USD', '2026-03-31', 'player'), entries: 2, amount_in: 0, amount_out: 10 },
      { ...row('USD', '2026-04-01', 'fx'), entries: 1, amount_in: 5, amount_out: 0 },
      { ...row('USD', '2026-04-01', 'player'), entries: 1, amount_in: 0, amount_out: 5 },
    ]);
    expect((await supplyOf('')).map(({ currency }) => currency)).toEqual(['CHIPS', 'USD']);
  });

  it('adds up the largest amounts exactly', async () => {
    const largest = 2n ** 53n - 1n;
    const moves: Moves = [
      ['@world/CHIPS', 'CHIPS', -largest],
      ['alice', 'CHIPS', largest],
    ];
    await deliver(...Array.from({ length: 400 }, (_, index) => fact(BigInt(index + 1), 'DEPOSIT', moves)));
    expect(await supplyOf('CHIPS')).toMatchObject([{ circulating: largest * 400n, issued: largest * 400n }]);
  });
});
