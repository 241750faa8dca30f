import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { balanceV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import { OutageError } from '@steelyard/platform/outage';
import type { RpcClient } from '@steelyard/platform/rpc';
import { startPostgres, type TestPostgres } from '@steelyard/testing/postgres';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import { eventually } from '@steelyard/testing/wait';
import { deposit, grantedIn } from '../acceptance/support/wire-commands.js';
import { auditBooks } from '../acceptance/support/books-audit.js';
import { answered } from '../support/rest-caller.js';
import { restClient, type RestClient } from './support/rest-client.js';

/** Of the process that is to give up: what must not succeed does not take longer. */
const COMMAND_DEADLINE_MS = 2_000;
/** Longer than any process waits for PostgreSQL. */
const CALL_DEADLINE_MS = 60_000;

describe('while PostgreSQL is away', () => {
  let postgres: TestPostgres;
  let platform: RunningPlatform;
  let balance: RpcClient<typeof balanceV1.BalanceServiceService>;
  let operator: RestClient;
  const closers: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    postgres = await startPostgres();
    closers.push(() => postgres.stop());
    platform = await startPlatform({
      apps: ['balance', 'ledger', 'gateway'],
      env: { DATABASE_URL: postgres.url, LOG_LEVEL: 'warn' },
    });
    closers.push(() => platform.stop());
    const address = platform.app('balance').grpcTarget ?? '';
    balance = grpcClient(balanceV1.BalanceServiceService, { address, deadlineMs: CALL_DEADLINE_MS });
    closers.push(() => balance.close());
    operator = restClient(platform, await platform.token(['operator']));
  });
  afterAll(async () => {
    for (const close of closers.toReversed()) await close();
  });
  afterEach(async () => {
    await postgres.restart();
    await eventually(async () => expect(await readOf('recovery-probe')).toMatchObject({ status: 404 }));
  });

  const readOf = (accountId: string) => operator.get(`/accounts/${accountId}/balance`);
  const give = async (accountId: string, amount: number) => {
    const key = `give-${accountId}-${amount}`;
    const body = { amount, source: 'test' };
    const given = await answered(() => operator.post(`/accounts/${accountId}/deposit`, body, key));
    expect(given.status).toBe(200);
  };

  it('shows accounts as last known, with the time of that', async () => {
    await give('ann', 70);
    const fresh = await readOf('ann');
    expect(fresh.body).not.toHaveProperty('stale');
    await postgres.kill9();
    const stale = await readOf('ann');
    expect([stale.status, stale.body]).toEqual([
      200,
      { ...fresh.body, asOf: expect.any(String), stale: true },
    ]);
    expect(Date.parse(String(stale.body['asOf']))).toBeLessThanOrEqual(Date.now());
    expect((await operator.get('/accounts/ann')).body).toMatchObject({ balance: 70, stale: true });

    const askedAtMs = Date.now();
    const remembered = await balance.call('getAccounts', { accountIds: ['ann'] });
    const { accounts, stale: isStale, ageMs, asOfMs } = remembered;
    expect([accounts.map((account) => account.balance), isStale]).toEqual([[70n], true]);
    // Age and time of the same state: together they say when it was shown.
    expect(Number(asOfMs + ageMs)).toBeGreaterThanOrEqual(askedAtMs);
    expect(Number(asOfMs + ageMs)).toBeLessThanOrEqual(Date.now());
  });

  it('shows what was committed, also when nobody had read it', async () => {
    await give('ben', 1);
    await give('ben', 2);
    await postgres.kill9();
    expect((await readOf('ben')).body).toMatchObject({ balance: 3, stale: true });
  });

  it('shows a holder’s accounts when it has shown them before', async () => {
    const opened = { holderId: 'holder', initialBalance: 5 };
    for (const id of ['own-1', 'own-2'])
      await answered(() => operator.post(`/accounts/${id}`, opened, `open-${id}`));
    await answered(() => operator.get('/holders/holder/balances'));
    await postgres.kill9();
    const { body } = await operator.get('/holders/holder/balances');
    expect(body['balances']).toEqual([
      expect.objectContaining({ accountId: 'own-1', balance: 5, stale: true }),
      expect.objectContaining({ accountId: 'own-2', balance: 5, stale: true }),
    ]);
    expect(await operator.get('/holders/other/balances')).toMatchObject({ status: 503 });
  });

  it('never says that an account does not exist, and lets nobody else suffer from the question', async () => {
    await give('cleo', 9);
    await postgres.kill9();
    const [known, unknown] = await Promise.all([readOf('cleo'), readOf('nobody')]);
    expect(known).toMatchObject({ status: 200, body: { balance: 9, stale: true } });
    expect(unknown).toMatchObject({ status: 503, body: { error: 'UNAVAILABLE', retryable: true } });
    expect(unknown.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);

    const mixed = await balance.call('getAccounts', { accountIds: ['cleo', 'nobody'] });
    expect([mixed.accounts.map(({ accountId }) => accountId), mixed.unreadAccountIds]).toEqual([
      ['cleo'],
      ['nobody'],
    ]);
    await expect(balance.call('getAccounts', { accountIds: ['nobody'] })).rejects.toBeInstanceOf(OutageError);
  });

  it('lets writes wait, and commits them when it is back in time', async () => {
    await give('dora', 10);
    await postgres.kill9();
    const overRest = operator.post('/accounts/dora/deposit', { amount: 1, source: 'test' }, 'waits-1');
    const overGrpc = balance.call('execute', { commands: [deposit('waits-2', 'dora', 2n)] });
    await postgres.restart();
    expect(await overRest).toMatchObject({ status: 200, body: { status: 'COMPLETED' } });
    expect((await overGrpc).outcomes.map(grantedIn)).toEqual([expect.objectContaining({ amount: 2n })]);
    expect((await readOf('dora')).body).toMatchObject({ balance: 13 });
    await eventually(async () => expect((await readOf('dora')).body).not.toHaveProperty('stale'));
  });

  it('acknowledges nothing after the deadline, and the same keys have one effect later', async () => {
    await platform.app('balance').restart({ BALANCE_COMMAND_DEADLINE_MS: String(COMMAND_DEADLINE_MS) });
    await give('eve', 10);
    await eventually(() => balance.call('getAccounts', { accountIds: ['eve'] }));
    await postgres.kill9();
    const withdraw = () => operator.post('/accounts/eve/withdraw', { amount: 4 }, 'late-1');
    const add = () => balance.call('execute', { commands: [deposit('late-2', 'eve', 1n)] });
    const startedAtMs = Date.now();
    const overGrpc = add().catch((error: unknown) => error);
    const overRest = await withdraw();
    expect(overRest).toMatchObject({ status: 503, body: { error: 'UNAVAILABLE', retryable: true } });
    expect(overRest.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(await overGrpc).toBeInstanceOf(OutageError);
    expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(COMMAND_DEADLINE_MS - 500);
    expect((await readOf('eve')).body).toMatchObject({ balance: 10, stale: true });

    await postgres.restart();
    await eventually(async () => expect(await withdraw()).toMatchObject({ status: 200 }));
    await eventually(async () =>
      expect((await add()).outcomes.map(grantedIn)).toEqual([expect.objectContaining({ amount: 1n })]),
    );
    expect((await readOf('eve')).body).toMatchObject({ balance: 7 });
    expect((await auditBooks(postgres.url)).faults).toEqual([]);
  });
});
