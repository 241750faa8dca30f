import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useDatabase } from '@steelyard/testing/postgres';
import { startPlatform, type Role, type RunningPlatform } from '@steelyard/testing/processes';
import { eventually } from '@steelyard/testing/wait';
import { RestCaller, textIn } from '../support/rest-caller.js';
import { committedDocument, operationsOf } from './openapi-document.js';

/** What back ends call directly at the balance app, by the operation of the gateway's document. */
const SERVED = [
  'accounts.open',
  'accounts.read',
  'accounts.balance',
  'movements.deposit',
  'movements.withdraw',
  'transactions.list',
  'ledger.entries',
  'publicHealth.health',
  'publicHealth.ready',
];

const operations = operationsOf(await committedDocument());
const database = useDatabase();
let platform: RunningPlatform | undefined;

beforeAll(async () => {
  platform = await startPlatform({
    apps: ['balance', 'ledger', 'gateway'],
    env: { DATABASE_URL: database.url },
  });
});
afterAll(() => platform?.stop());

function running(): RunningPlatform {
  if (platform === undefined) throw new Error('the platform runs only while the tests do');
  return platform;
}

/** The same caller at both doors. */
async function callers(
  subject: string,
  ...roles: Role[]
): Promise<{ direct: RestCaller; gateway: RestCaller }> {
  const authorization = `Bearer ${await running().token(roles, subject)}`;
  return {
    direct: new RestCaller(running().app('balance').httpUrl, authorization),
    gateway: new RestCaller(running().app('gateway').httpUrl, authorization),
  };
}

/** Without what differs from one request to the next. */
const lasting = (text: string): string =>
  text.replace(/"(?:asOf|correlationId|timestamp|createdAt|completedAt)":"[^"]*"/g, '');

describe('the balance app over HTTP', () => {
  it('posts, reads and lists as the gateway does', async () => {
    const { direct, gateway } = await callers('boss', 'operator');
    const opened = await direct.post('/api/accounts/dora', { initialBalance: 500 });
    expect([opened.status, opened.json]).toEqual([
      201,
      { accountId: 'dora', balance: 500, currency: 'CHIPS', created: true },
    ]);
    const deposit = await direct.post('/api/accounts/dora/deposit', { amount: 70, source: 'BONUS' });
    expect(deposit.json).toMatchObject({ type: 'BONUS', amount: 70, balanceBefore: 500, balanceAfter: 570 });
    const withdrawal = await direct.post('/api/accounts/dora/withdraw', { amount: 20 });
    expect(withdrawal.json).toMatchObject({ type: 'WITHDRAW', balanceAfter: 550 });
    for (const path of [
      '',
      '/balance',
      '/transactions',
      '/transactions?limit=1',
      '/ledger',
      '/ledger?limit=2',
    ]) {
      const [here, there] = [
        await direct.get(`/api/accounts/dora${path}`),
        await gateway.get(`/api/accounts/dora${path}`),
      ];
      expect(here.status).toBe(200);
      expect(lasting(here.text)).toBe(lasting(there.text));
    }
  });

  it('gives the first answer again, whichever door the first request came in by', async () => {
    const { direct, gateway } = await callers('boss', 'operator');
    const key = randomUUID();
    const first = await gateway.post('/api/accounts/emil/deposit', { amount: 5 }, key);
    const again = await direct.post('/api/accounts/emil/deposit', { amount: 5 }, key);
    expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([first.text, 'true']);
    const other = await direct.post('/api/accounts/emil/deposit', { amount: 6 }, key);
    expect([other.status, other.json['error']]).toEqual([409, 'IDEMPOTENCY_CONFLICT']);
  });

  it('lets owners reach their own accounts only', async () => {
    const { direct: operator } = await callers('boss', 'operator');
    await operator.must('POST', '/api/accounts/frida', { initialBalance: 10 });
    const { direct: frida } = await callers('frida');
    const { direct: stranger } = await callers('gustav');
    expect((await frida.post('/api/accounts/frida/withdraw', { amount: 1 })).status).toBe(200);
    expect((await frida.post('/api/accounts/frida/deposit', { amount: 1 })).status).toBe(403);
    expect((await stranger.get('/api/accounts/frida/balance')).status).toBe(403);
    expect((await stranger.post('/api/accounts/frida/withdraw', { amount: 1 })).status).toBe(403);
  });

  it('asks for credentials, and answers every refusal as documented', async () => {
    const { direct } = await callers('boss', 'operator');
    const nobody = new RestCaller(running().app('balance').httpUrl, 'Bearer nonsense');
    const refusals = [
      ['accounts.balance', await nobody.get('/api/accounts/dora/balance'), 401],
      ['movements.deposit', await direct.post('/api/accounts/dora/deposit', { amount: 1.5 }), 400],
      ['movements.deposit', await direct.post('/api/accounts/dora/deposit', { amount: 1 }, null), 400],
      ['movements.withdraw', await direct.post('/api/accounts/nobody/withdraw', { amount: 1 }), 404],
      ['movements.withdraw', await direct.post('/api/accounts/dora/withdraw', { amount: 10_000 }), 400],
      ['movements.withdraw', await direct.post('/api/accounts/a%20b/withdraw', { amount: 1 }), 400],
      ['accounts.read', await direct.get('/api/accounts/nobody'), 404],
      ['transactions.list', await direct.get('/api/accounts/nobody/transactions'), 404],
      ['ledger.entries', await direct.get('/api/accounts/dora/ledger?cursor=bm9uZQ'), 400],
    ] as const;
    for (const [id, { status, headers, text }, expected] of refusals) {
      const operation = operations.find((one) => one.id === id);
      expect({ id, status, text }).toMatchObject({ id, status: expected });
      expect(operation?.faultIn(status, headers.get('content-type') ?? '', text)).toBeUndefined();
    }
  });

  it('serves what is documented, and nothing else of the gateway', async () => {
    const { direct } = await callers('boss', 'operator');
    await direct.must('POST', '/api/accounts/hugo', { initialBalance: 10 });
    const found = await Promise.all(
      operations.map(async ({ id, method, path }) => {
        const url = path.replaceAll(/\{\w+\}/g, 'hugo');
        const { json } = await direct.send(method, url, method === 'GET' ? {} : { body: { 'no member': 1 } });
        return ['NOT_FOUND', 'METHOD_NOT_ALLOWED'].includes(String(json['error'])) ? [] : [id];
      }),
    );
    expect(found.flat().sort()).toEqual([...SERVED].sort());
    const wrongMethod = await direct.send('DELETE', '/api/accounts/hugo/balance');
    expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('takes the API keys of the gateway', async () => {
    const { gateway } = await callers('boss', 'operator');
    const key = await gateway.must('POST', '/api/api-keys', { name: 'back end', scopes: ['accounts:read'] });
    const machine = new RestCaller(
      running().app('balance').httpUrl,
      `ApiKey ${textIn(key, 'id')}.${textIn(key, 'secret')}`,
    );
    await eventually(async () => expect((await machine.get('/api/accounts/dora/balance')).status).toBe(200));
    expect((await machine.post('/api/accounts/dora/deposit', { amount: 1 })).status).toBe(403);
  });

  it('is up and ready at the root and under the prefix', async () => {
    const { direct } = await callers('boss', 'operator');
    for (const path of ['/health', '/api/health']) {
      expect((await direct.get(path)).json).toMatchObject({ status: 'ok' });
    }
    for (const path of ['/ready', '/api/ready']) {
      expect((await direct.get(path)).json).toMatchObject({ status: 'ready' });
    }
  });

  it('goes on without the ledger, but for the lists that come from there', async () => {
    const { direct } = await callers('boss', 'operator');
    await direct.must('POST', '/api/accounts/ida', { initialBalance: 10 });
    const ledger = running().app('ledger');
    await ledger.stop();
    for (const path of ['/transactions', '/ledger']) {
      const { status, headers, json } = await direct.sendOnce('GET', `/api/accounts/ida${path}`);
      expect([status, json['error'], json['retryable']]).toEqual([503, 'UNAVAILABLE', true]);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await direct.get('/ready')).json).toMatchObject({ status: 'ready' });
    expect((await direct.get('/api/accounts/ida/balance')).json).toMatchObject({ balance: 10 });
    expect((await direct.post('/api/accounts/ida/withdraw', { amount: 4 })).json).toMatchObject({
      balanceAfter: 6,
    });
    await ledger.restart();
    await eventually(async () => expect((await direct.get('/api/accounts/ida/ledger')).status).toBe(200));
  });
});
