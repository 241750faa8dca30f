import { request as startRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool, type Pool } from '@steelyard/platform/postgres';
import { useDatabase } from '@steelyard/testing/postgres';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import { eventually } from '@steelyard/testing/wait';
import { runCli } from '../real-data/steelyard-cli.js';
import { RestCaller, type RestAnswer } from '../support/rest-caller.js';

const STATEMENT_TIMEOUT_MS = 60_000;
/** Six pages of entries, and a step takes two of them: the first, and in its turn the next. */
const ENTRIES = 10_500;
const BATCH = 3_500;
const STEPS = 3;
const VERIFY = '/api/ledger/accounts/long/verify';
/** Of the gateway's event loop: the end of a connection is seen in the first that follows it. */
const TURNS = 3;
const NEVER_MS = '3600000';

const database = useDatabase();
let superuser: Pool | undefined;
let platform: RunningPlatform | undefined;
let operator: RestCaller;
let token: string;

beforeAll(async () => {
  const options = { applicationName: 'vandal', sizeMax: 2, statementTimeoutMs: STATEMENT_TIMEOUT_MS };
  superuser = createPool({ url: database.url, ...options });
  platform = await startPlatform({
    apps: ['balance', 'ledger', 'gateway'],
    env: {
      DATABASE_URL: database.url,
      // A step is over after the page during which its time is up, and reading a page takes longer than this.
      LEDGER_CHECK_SLICE_MS: '1',
      LEDGER_RECONCILE_INTERVAL_MS: NEVER_MS,
      LEDGER_WALK_INTERVAL_MS: NEVER_MS,
      LOG_LEVEL: 'warn',
    },
  });
  token = await platform.token(['operator'], 'olga');
  operator = new RestCaller(platform.apiUrl, `Bearer ${token}`);
  await operator.must('POST', '/api/accounts/long', {});
  await operator.must('POST', '/api/accounts/short', { initialBalance: 5 });
  for (let from = 0; from < ENTRIES; from += BATCH)
    await operator.must('POST', '/api/transactions/batch', batch(from));
});
afterAll(async () => {
  await superuser?.end();
  await platform?.stop();
});

function batch(from: number): object {
  const transactions = Array.from({ length: BATCH }, (_, index) => ({
    idempotencyKey: `entry-${from + index}`,
    type: 'DEPOSIT',
    accountId: 'long',
    amount: 2,
  }));
  return { transactions };
}

const running = (): RunningPlatform => {
  if (platform === undefined) throw new Error('the platform runs only while tests run');
  return platform;
};
/** What somebody with the database's own password does by hand. */
const byHand = async (text: string, ...values: unknown[]): Promise<readonly unknown[]> =>
  (await superuser?.query<object>(text, values))?.rows ?? [];
const drift = (by: number) =>
  byHand(`update balance.accounts set balance = balance + $1 where account_id = 'long'`, by);
const tamper = (by: number) =>
  byHand(`update ledger.entries set amount = amount + $1 where account_id = 'long' and sequence = 9000`, by);
/** The value of a line of an app's metrics that begins so; 0 when there is none yet. */
const metric = async (app: 'ledger' | 'gateway', line: string): Promise<number> => {
  const response = await fetch(`${running().app(app).httpUrl}/metrics`);
  const found = (await response.text()).split('\n').find((one) => one.startsWith(line));
  return Number(found?.split(' ').at(-1) ?? 0);
};
const begun = () => metric('ledger', 'ledger_check_slices_total{outcome="begun"');

describe('the check of a long chain', () => {
  it('takes many steps and has one answer', async () => {
    const before = await begun();
    expect(await operator.must('GET', VERIFY)).toEqual({
      accountId: 'long',
      valid: true,
      entriesChecked: ENTRIES,
    });
    expect((await begun()) - before).toBe(STEPS);
  });

  it('can be taken step by step', async () => {
    const steps: RestAnswer['json'][] = [];
    let cursor: unknown;
    do {
      steps.push(await operator.must('POST', VERIFY, { cursor }));
      cursor = steps.at(-1)?.['nextCursor'];
    } while (cursor !== null && steps.length < 2 * STEPS);
    expect(steps.map((step) => [step['valid'], step['entriesChecked']])).toEqual([
      [null, 4_000],
      [null, 8_000],
      [true, ENTRIES],
    ]);
    expect(steps[0]).toMatchObject({ accountId: 'long', entries: ENTRIES });
  });

  it('finds what is wrong at its place, whichever way it is asked for', async () => {
    await tamper(1);
    const found = { accountId: 'long', valid: false, entriesChecked: 8_999 };
    expect(await operator.must('GET', VERIFY)).toMatchObject({
      ...found,
      firstInvalidEntry: { sequence: 9_000 },
    });
    const validation = await operator.must('POST', '/api/ledger/accounts/long/validate');
    expect(validation).toMatchObject({ valid: false, chains: [{ sumOfEntries: 2 * ENTRIES + 1 }] });
    const refused = await operator.post('/api/ledger/accounts/long/reconcile', { reason: 'month end' });
    expect([refused.status, refused.json['error']]).toEqual([409, 'INTEGRITY_FAILURE']);
    const { exitCode, output } = await verifyByCommand();
    expect([exitCode, output]).toEqual([1, expect.stringMatching(/^account long: INVALID at sequence 9000/)]);
    await tamper(-1);
  });

  it('ends in the repair of a row that drifted', async () => {
    await drift(7);
    const body = { reason: 'month end' };
    const reconciled = await operator.must('POST', '/api/ledger/accounts/long/reconcile', body);
    expect(reconciled).toMatchObject({
      repaired: true,
      before: { valid: false, chains: [{ storedBalance: 2 * ENTRIES + 7 }] },
      after: { valid: true, chains: [{ storedBalance: 2 * ENTRIES, chainValid: true }] },
    });
    await drift(7);
    const command = ['reconcile', '--repair', '--quiet'];
    const { output } = await runCli(running().apiUrl, token, command);
    expect(output).toMatch(/drifted 1, restored 1/);
    expect(await operator.must('POST', '/api/ledger/accounts/long/validate')).toMatchObject({ valid: true });
  });

  it('is shown on its way by the command', async () => {
    const { exitCode, output, errors } = await verifyByCommand();
    expect({ exitCode, output, errors }).toEqual({
      exitCode: 0,
      output: `account long: valid, ${ENTRIES} entries\n`,
      errors: '',
    });
    const shown = await runCli(running().apiUrl, token, ['accounts', 'show', 'long']);
    expect(shown.output).toMatch(
      /the first 4000 of 10500 entries are valid; steelyard verify --account long/,
    );
  });

  it('stops when its caller goes away', async () => {
    const before = await begun();
    await whileLocked(async () => {
      const hangUp = startVerification();
      await eventually(async () => expect(await waitingChecks()).toBe(1));
      await hangUp();
      // What the gateway answers now comes after it has seen that.
      for (let turn = 0; turn < TURNS; turn += 1) await metric('gateway', 'process');
    });
    // The step during which the caller left ends, and is the last: another whole check is as long as its rest was.
    await eventually(async () => expect(await begun()).toBe(before + 1));
    await operator.must('GET', VERIFY);
    expect((await begun()) - before).toBe(1 + STEPS);
  });

  it('does not keep others from reading, however many ask for it', async () => {
    const checks = Array.from({ length: 12 }, () => operator.get(VERIFY));
    const reads = Array.from({ length: 12 }, () => operator.get('/api/accounts/short/ledger'));
    expect((await Promise.all(reads)).map(({ status }) => status)).toEqual(reads.map(() => 200));
    expect(await operator.must('GET', '/api/ledger/accounts/short/verify')).toMatchObject({ valid: true });
    for (const { status, json, headers } of await Promise.all(checks)) {
      if (status === 429) expect([json['error'], headers.get('retry-after')]).toEqual(['RATE_LIMITED', '1']);
      else expect([status, json['valid']]).toEqual([200, true]);
    }
  });
});

function verifyByCommand() {
  return runCli(running().apiUrl, token, ['verify', '--account', 'long', '--quiet']);
}

/** Asks for a check and returns how to hang up. */
function startVerification(): () => Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const request = startRequest(new URL(VERIFY, running().apiUrl), { headers });
  request.on('error', () => undefined);
  request.end();
  return async () => {
    const closed = new Promise<void>((resolve) => request.once('close', resolve));
    request.destroy();
    await closed;
  };
}

/** Checks that wait for the lock on the entries: of these statements only they read the ends of chains by account. */
async function waitingChecks(): Promise<number> {
  const rows = await byHand(
    `select from pg_stat_activity
     where wait_event_type = 'Lock' and query like '%unnest($2::smallint[])%' and query not like '%reservations%'`,
  );
  return rows.length;
}

/** Does something while nobody can read an entry. */
async function whileLocked(work: () => Promise<void>): Promise<void> {
  const client = await superuser?.connect();
  if (client === undefined) throw new Error('the database is there only while tests run');
  try {
    await client.query('begin');
    await client.query('lock table ledger.entries in access exclusive mode');
    await work();
  } finally {
    await client.query('rollback');
    client.release();
  }
}
