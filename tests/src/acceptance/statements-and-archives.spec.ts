import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useDatabase } from '@steelyard/testing/postgres';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import { eventually } from '@steelyard/testing/wait';
import { runCli, runInEnvironment } from '../real-data/steelyard-cli.js';
import { RestCaller, textIn } from '../support/rest-caller.js';

const DEPOSITS = 1_300;
const BATCH_SIZE = 650;

interface Statement {
  readonly opening: { readonly balance: number; readonly checksum: string };
  readonly closing: { readonly balance: number; readonly checksum: string };
  readonly entries: { readonly entryId: string; readonly timestamp: string; readonly checksum: string }[];
  readonly provenEntryId: string | null;
}

/** What leaves the platform can be checked without it, and can go on elsewhere. */
describe('statements and archives', () => {
  const database = useDatabase();
  const elsewhere = useDatabase();
  const platforms: RunningPlatform[] = [];
  let platform: RunningPlatform;
  let token: string;
  let operator: RestCaller;
  let folder: string;
  let key: string;

  const start = async (databaseUrl: string): Promise<RunningPlatform> => {
    const env = {
      DATABASE_URL: databaseUrl,
      DATA_DIR: join(folder, 'data'),
      LOG_LEVEL: 'warn',
      LEDGER_SEAL_INTERVAL_MS: '100',
    };
    const started = await startPlatform({ apps: ['balance', 'ledger', 'gateway'], env });
    platforms.push(started);
    return started;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'steelyard-statements-'));
    platform = await start(database.url);
    token = await platform.token(['operator'], 'olga');
    operator = new RestCaller(platform.apiUrl, `Bearer ${token}`);
    for (let from = 0; from < DEPOSITS; from += BATCH_SIZE) await deposit(from);
    await eventually(isSealed);
    const { keys } = (await operator.must('GET', '/api/ledger/keys')) as unknown as {
      keys: { verifierKey: string }[];
    };
    key = keys[0]?.verifierKey ?? '';
  });
  afterAll(async () => {
    await Promise.all(platforms.map((one) => one.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  it('a statement of many pages is verified offline, and not when an amount was changed', async () => {
    const out = join(folder, 'alice.json');
    expect(await runCli(platform.apiUrl, token, ['statement', 'alice', '--out', out])).toMatchObject({
      exitCode: 0,
    });
    const text = await readFile(out, 'utf8');
    const statement = JSON.parse(text) as Statement;
    expect(statement.entries).toHaveLength(DEPOSITS);
    expect(statement.provenEntryId).toBe(statement.entries.at(-1)?.entryId);
    const verified = await verifyOffline(out);
    expect(verified.output).toMatch(/^valid/);
    expect(verified.exitCode).toBe(0);
    const forged = join(folder, 'forged.json');
    await writeFile(forged, text.replace('"amount":1,', '"amount":2,'));
    expect(await verifyOffline(forged)).toMatchObject({ exitCode: 1 });
  });

  it('a statement of a part begins where the one before ended', async () => {
    const whole = await statementOf('alice');
    const cut = whole.entries[700]?.timestamp ?? '';
    const [before, after] = [
      await statementOf('alice', `to=${cut}`),
      await statementOf('alice', `from=${cut}`),
    ];
    expect(after.opening).toEqual(before.closing);
    expect([...before.entries, ...after.entries]).toEqual(whole.entries);
    expect(after.entries.every(({ timestamp }) => timestamp >= cut)).toBe(true);
  });

  it('a statement as lines has the same entries', async () => {
    const args = ['statement', 'alice', '--format', 'ndjson'];
    const { output } = await runCli(platform.apiUrl, token, args);
    const lines = output
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(DEPOSITS + 2);
    expect(lines[0]).toMatchObject({ format: 'steelyard.statement.1', accountId: 'alice' });
    expect(lines.slice(1, -1)).toEqual((await statementOf('alice')).entries);
    expect(Object.keys(lines.at(-1) ?? {})).toEqual(['provenEntryId', 'proof']);
  });

  it('a statement is refused where it cannot be given, before anything of it is sent', async () => {
    const bob = new RestCaller(platform.apiUrl, `Bearer ${await platform.token([], 'bob')}`);
    expect(await bob.get('/api/accounts/alice/statement')).toMatchObject({ status: 403 });
    const ask = (path: string) => operator.get(`/api/accounts/${path}`);
    expect(await ask('nobody/statement')).toMatchObject({
      status: 404,
      json: { error: 'ACCOUNT_NOT_FOUND' },
    });
    expect(await ask('alice/statement?from=2026-02-02&to=2026-02-01')).toMatchObject({ status: 400 });
    const world = await ask(`${encodeURIComponent('@world/CHIPS')}/statement`);
    expect(world).toMatchObject({ status: 400, json: { error: 'INVALID_REQUEST' } });
    expect(textIn(world.json, 'message')).toContain('a chain in every bucket');
  });

  it('the command leaves no file when the statement is refused', async () => {
    const out = join(folder, 'nobody.json');
    const { exitCode, errors } = await runCli(platform.apiUrl, token, ['statement', 'nobody', '--out', out]);
    expect([exitCode, errors]).toEqual([1, expect.stringContaining('nobody')]);
    await expect(readFile(out)).rejects.toThrow('ENOENT');
  });

  it('an archive moves the whole ledger under a running platform elsewhere, which goes on with it', async () => {
    const there = await start(elsewhere.url);
    const file = join(folder, 'ledger.ndjson');
    const written = await runInEnvironment({ DATABASE_URL: database.url }, ['export-ledger', '--out', file]);
    expect([written.exitCode, written.errors]).toEqual([0, expect.stringContaining('entries/s')]);
    const taken = await runInEnvironment({ DATABASE_URL: elsewhere.url }, ['import-ledger', file]);
    expect([taken.exitCode, taken.errors]).toEqual([0, expect.stringContaining('entries/s')]);
    const hash = /sha256 [0-9a-f]{64}/;
    expect(hash.exec(taken.errors)?.[0]).toBe(hash.exec(written.errors)?.[0]);

    const itsToken = await there.token(['operator'], 'olga');
    const itsOperator = new RestCaller(there.apiUrl, `Bearer ${itsToken}`);
    expect((await runCli(there.apiUrl, itsToken, ['verify', '--quiet'])).exitCode).toBe(0);
    const [here, moved] = [await statementOf('alice'), await statementOf('alice', '', itsOperator)];
    expect([moved.entries, moved.closing]).toEqual([here.entries, here.closing]);

    const again = await itsOperator.send('POST', '/api/accounts/alice/withdraw', {
      key: 'w-1',
      body: { amount: 3 },
    });
    expect(again.status).toBe(200);
    expect(
      await itsOperator.send('POST', '/api/transactions/batch', { key: null, body: batch(0) }),
    ).toMatchObject({
      json: {
        results: expect.arrayContaining([expect.objectContaining({ ok: true, replayed: true })]) as unknown,
      },
    });
    await eventually(async () => (await statementOf('alice', '', itsOperator)).provenEntryId !== null);
    const next = await statementOf('alice', '', itsOperator);
    expect(next.entries).toHaveLength(DEPOSITS + 1);
    expect(next.closing.balance).toBe(here.closing.balance - 3);

    const refused = await runInEnvironment({ DATABASE_URL: elsewhere.url }, ['import-ledger', file]);
    expect([refused.exitCode, refused.errors]).toEqual([1, expect.stringContaining('not empty')]);
  });

  it('the archive commands find the database that the data directory names, or say what to set', async () => {
    const dataDir = await mkdtemp(join(folder, 'data-'));
    const run = () => runInEnvironment({ DATA_DIR: dataDir }, ['export-ledger', '--out', '-']);
    const nowhere = await run();
    expect([nowhere.exitCode, nowhere.errors]).toEqual([1, expect.stringContaining('set DATABASE_URL')]);
    await writeFile(join(dataDir, 'database-url'), `${database.url}\n`);
    const found = await run();
    expect([found.exitCode, found.output]).toEqual([0, expect.stringMatching(/^\{"line":"header"/)]);
  });

  function batch(from: number): object {
    const transactions = Array.from({ length: BATCH_SIZE }, (_, index) => ({
      idempotencyKey: `d-${from + index}`,
      type: 'DEPOSIT',
      accountId: 'alice',
      amount: 1,
      source: 'TEST',
      effectiveAt: '2026-01-01T00:00:00Z',
    }));
    return { mode: 'independent', transactions };
  }

  async function deposit(from: number): Promise<void> {
    await operator.must('POST', '/api/transactions/batch', batch(from));
  }

  async function statementOf(accountId: string, query = '', caller = operator): Promise<Statement> {
    const json: unknown = await caller.must('GET', `/api/accounts/${accountId}/statement?${query}`);
    return json as Statement;
  }

  async function isSealed(): Promise<boolean> {
    const { provenEntryId, entries } = await statementOf('alice');
    return provenEntryId !== null && provenEntryId === entries.at(-1)?.entryId;
  }

  function verifyOffline(file: string) {
    return runCli(platform.apiUrl, token, ['verify-offline', file, '--key', key]);
  }
});
