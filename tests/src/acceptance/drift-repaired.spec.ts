import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from '@steelyard/platform/postgres';
import { useDatabase } from '@steelyard/testing/postgres';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import { withSeed } from '@steelyard/testing/seed';
import { eventually } from '@steelyard/testing/wait';
import { runCli } from '../real-data/steelyard-cli.js';
import { patientPool } from '../support/patient-pool.js';
import { RestCaller } from '../support/rest-caller.js';
import { auditBooks } from './support/books-audit.js';

const RECONCILED = 104;
const POSTINGS = 120;

type Json = Readonly<Record<string, unknown>>;

const database = useDatabase();
let superuser: Pool | undefined;
let platform: RunningPlatform | undefined;
let operator: RestCaller;
let auditor: RestCaller;

const start = async (env: Readonly<Record<string, string>>): Promise<void> => {
  await platform?.stop();
  platform = await startPlatform({
    apps: ['balance', 'ledger', 'gateway'],
    env: {
      DATABASE_URL: database.url,
      LEDGER_RECONCILE_INTERVAL_MS: '100',
      LEDGER_RECONCILE_CYCLE_MS: '200',
      LOG_LEVEL: 'warn',
      ...env,
    },
  });
  const as = async (role: 'operator' | 'auditor') =>
    new RestCaller(running().apiUrl, `Bearer ${await running().token([role], `${role}-olga`)}`);
  operator = await as('operator');
  auditor = await as('auditor');
};
const running = (): RunningPlatform => {
  if (platform === undefined) throw new Error('the platform runs only while tests run');
  return platform;
};

beforeAll(() => {
  superuser = patientPool(database.url, 'vandal', 2);
});
afterAll(async () => {
  await superuser?.end();
  await platform?.stop();
});

/** What somebody with the database's own password does by hand. */
const byHand = async (text: string, ...values: unknown[]): Promise<readonly Json[]> =>
  (await superuser?.query<Json>(text, values))?.rows ?? [];
const drift = (account: string, change: string) =>
  byHand(
    `update balance.accounts set ${change}, updated_at_ms = updated_at_ms where account_id = $1`,
    account,
  );
const balanceOf = async (account: string): Promise<unknown> =>
  (await operator.must('GET', `/api/accounts/${account}/balance`))['balance'];
const incidentsOf = async (account: string): Promise<unknown> =>
  (await auditor.must('GET', `/api/ledger/incidents?type=drift&accountId=${account}`))['incidents'];
const factsOf = async (account: string): Promise<readonly Json[]> =>
  (
    await byHand(
      `select data::jsonb as data from balance.facts where kind = $1 order by committed_at_ms`,
      RECONCILED,
    )
  ).flatMap(({ data }) => (isJson(data) && data['accountId'] === account ? [data] : []));
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const open = (account: string, initialBalance: number) =>
  operator.must('POST', `/api/accounts/${account}`, { initialBalance });

describe('a balance that was changed by hand, with repair in the background', () => {
  beforeAll(() => start({}));

  it('is found, reported with what was expected and found, and repaired', async () => {
    await open('alice', 1_000);
    await drift('alice', 'balance = 9999');
    await eventually(async () => {
      expect(await incidentsOf('alice')).toMatchObject([{ status: 'resolved' }]);
    });
    expect(await incidentsOf('alice')).toEqual([
      expect.objectContaining({
        type: 'drift',
        accountId: 'alice',
        expected: expect.objectContaining({ balance: '1000', sequence: '1' }),
        found: expect.objectContaining({ balance: '9999', sequence: '1' }),
        resolution: 'repaired',
      }),
    ]);
    expect(await balanceOf('alice')).toBe(1_000);
    expect(await factsOf('alice')).toMatchObject([
      { found: { balance: '9999' }, expected: { balance: '1000' }, performedBy: 'steelyard-ledger' },
    ]);
    expect((await auditBooks(database.url)).faults).toEqual([]);
  });

  it('is so for holds', async () => {
    await open('bob', 1_000);
    await operator.must('POST', '/api/accounts/bob/reservations', { amount: 300, timeoutSeconds: 600 });
    await drift('bob', 'held = 0');
    await eventually(async () => {
      expect(await operator.must('GET', '/api/accounts/bob/balance')).toMatchObject({ held: 300 });
    });
    expect(await factsOf('bob')).toMatchObject([{ found: { held: '0' }, expected: { held: '300' } }]);
  });

  it('is so for the platform’s own accounts', async () => {
    const before = await balanceOf('@world%2FCHIPS');
    await byHand(`update balance.accounts set balance = balance - 77
      where (bucket, account_id) in (select bucket, account_id from balance.accounts where account_id = '@world/CHIPS' limit 1)`);
    await eventually(async () => expect(await factsOf('@world/CHIPS')).toHaveLength(1));
    expect(await balanceOf('@world%2FCHIPS')).toBe(before);
  });

  it('costs nobody a chip while the game goes on', () =>
    withSeed(async (random) => {
      const accounts = ['carol', 'dora', 'emil'];
      for (const account of accounts) await open(account, 500);
      const expected = new Map(accounts.map((account) => [account, 500]));
      const add = (account: string, amount: number): void =>
        void expected.set(account, (expected.get(account) ?? 0) + amount);
      for (let posting = 0; posting < POSTINGS; posting++) {
        if (random.chance(0.3))
          await drift(random.pick(accounts), `balance = balance + ${random.integer(1, 900)}`);
        const [fromAccountId, toAccountId] = [random.pick(accounts), random.pick(accounts)];
        const amount = random.integer(1, 200);
        if (fromAccountId === toAccountId) continue;
        const body = { fromAccountId, toAccountId, amount };
        const { status } = await operator.post('/api/transfers', body);
        expect([201, 200, 400]).toContain(status);
        if (status === 400) continue;
        add(fromAccountId, -amount);
        add(toAccountId, amount);
      }
      await eventually(async () => {
        for (const [account, balance] of expected)
          expect([account, await balanceOf(account)]).toEqual([account, balance]);
      });
      await eventually(async () => expect((await auditBooks(database.url)).faults).toEqual([]));
    }));
});

describe('a balance that was changed by hand, with reports only', () => {
  beforeAll(() => start({ LEDGER_RECONCILE_MODE: 'report' }));

  it('is reported and waits for an operator, whose name and reason are written down', async () => {
    await open('fred', 100);
    await drift('fred', 'balance = 1');
    await eventually(async () => expect(await incidentsOf('fred')).toMatchObject([{ status: 'open' }]));
    expect(await balanceOf('fred')).toBe(1);

    const validation = await auditor.must('POST', '/api/ledger/accounts/fred/validate');
    expect(validation).toMatchObject({
      valid: false,
      chains: [{ storedBalance: 1, lastEntryBalance: 100, sumOfEntries: 100, chainValid: true }],
    });
    const reconcile = '/api/ledger/accounts/fred/reconcile';
    expect((await auditor.post(reconcile, { reason: 'curious' })).status).toBe(403);
    expect((await operator.post(reconcile, {})).status).toBe(400);
    expect(await operator.must('POST', reconcile, { reason: 'a slip' })).toMatchObject({
      repaired: true,
      before: { valid: false },
      after: { valid: true, chains: [{ storedBalance: 100 }] },
    });
    expect(await balanceOf('fred')).toBe(100);
    expect(await incidentsOf('fred')).toMatchObject([{ status: 'resolved', resolution: 'repaired' }]);
    expect(await factsOf('fred')).toMatchObject([{ performedBy: 'operator-olga', reason: 'a slip' }]);
  });

  it('is found and repaired by the command line tool', async () => {
    await open('gina', 100);
    await drift('gina', 'balance = 1');
    const token = await running().token(['operator'], 'cli');
    const looked = await runCli(running().apiUrl, token, ['reconcile', '--quiet']);
    expect([looked.exitCode, looked.errors]).toEqual([
      1,
      expect.stringMatching(/account gina: DRIFTED: balance 1, by its entries 100/),
    ]);
    const repaired = await runCli(running().apiUrl, token, ['reconcile', '--repair', '--quiet']);
    expect([repaired.exitCode, repaired.output]).toEqual([0, expect.stringMatching(/drifted 1, restored 1/)]);
    const one = await runCli(running().apiUrl, token, ['reconcile', '--account', 'gina']);
    expect(one).toMatchObject({ exitCode: 0, output: 'account gina: agrees, balance 100\n' });
  });

  it('is not repaired where the entries themselves were changed', async () => {
    await open('hans', 100);
    await operator.must('POST', '/api/accounts/hans/deposit', { amount: 5 });
    await drift('hans', 'balance = 1');
    await byHand(`update ledger.entries set amount = amount + 1 where account_id = 'hans' and sequence = 1`);
    const { status, json } = await operator.post('/api/ledger/accounts/hans/reconcile', { reason: 'no way' });
    expect([status, json['error']]).toEqual([409, 'INTEGRITY_FAILURE']);
    expect(await balanceOf('hans')).toBe(1);
    const { incidents } = await auditor.must(
      'GET',
      '/api/ledger/incidents?type=integrity_failure&accountId=hans',
    );
    expect(incidents).toMatchObject([{ status: 'open', sequence: 1 }]);
    await byHand(`update ledger.entries set amount = amount - 1 where account_id = 'hans' and sequence = 1`);
    await operator.must('POST', '/api/ledger/accounts/hans/reconcile', { reason: 'now' });
    expect((await auditBooks(database.url)).faults).toEqual([]);
  });
});
