import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseDecimal } from '@steelyard/domain/money';
import { isRefusal } from '@steelyard/domain/result';
import { useDatabase } from '@steelyard/testing/postgres';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import { Client } from 'pg';
import { openGate, type Gate } from './gate.js';
import { createLedgerView, type LedgerView } from './ledger-view.js';
import { withRealData } from './real-data.js';
import { runCli, startCli, type CliRun } from './steelyard-cli.js';

const ROWS = 21_412;
const ACCOUNTS = 610;
/** An import of all of them sends more than this. */
const BYTES = 1_000_000;
/** Four imports, of which three are whole. */
const TEST_TIMEOUT_MS = 900_000;
/** The account whose chain is tampered with, and where. */
const VICTIM = { accountId: '2378', sequence: 3 };

function importArguments(path: string, reportFile: string): string[] {
  const columns =
    '--account account_id --amount amount --direction direction --currency CZK --effective booked_on';
  const checks = '--reference transaction_id --expect-balance balance_after --credit-limit unlimited';
  return ['import', path, ...columns.split(' '), ...checks.split(' '), '--report', reportFile];
}

/** The last printed balance of every account, in minor units. */
async function lastBalances(path: string): Promise<ReadonlyMap<string, string>> {
  const [, ...lines] = (await readFile(path, 'utf8')).trim().split('\n');
  const balances = new Map<string, string>();
  for (const line of lines) {
    const fields = line.trim().split(',');
    const balance = parseDecimal(fields[8] ?? '', 2, 'balance_after');
    if (isRefusal(balance)) throw new Error(balance.message);
    balances.set(fields[2] ?? '', balance.toString());
  }
  return balances;
}

withRealData('bank-statements.csv')('bank statements', (path) => {
  let expected: ReadonlyMap<string, string>;
  let directory: string;

  beforeAll(async () => {
    expected = await lastBalances(path);
    directory = await mkdtemp(join(tmpdir(), 'steelyard-statements-'));
  });

  afterAll(() => rm(directory, { recursive: true }));

  async function readReport(reportFile: string): Promise<unknown> {
    return JSON.parse(await readFile(reportFile, 'utf8'));
  }

  async function expectTheBanksBalances(ledger: LedgerView): Promise<void> {
    expect(expected.size).toBe(ACCOUNTS);
    const found = new Map<string, string>();
    for (const accountId of expected.keys()) found.set(accountId, await ledger.balance(accountId));
    expect(found).toEqual(expected);
  }

  describe('in one piece', () => {
    const database = useDatabase();
    let platform: RunningPlatform;
    let token: string;
    let ledger: LedgerView;

    beforeAll(async () => {
      platform = await startPlatform({
        apps: ['balance', 'ledger', 'gateway'],
        env: { DATABASE_URL: database.url },
      });
      token = await platform.token(['operator']);
      ledger = createLedgerView(platform.apiUrl, token);
    });

    afterAll(() => platform.stop());

    it('posts every row with the balance that the bank printed', async () => {
      const reportFile = join(directory, 'first.json');
      const { exitCode, output, errors } = await runCli(
        platform.apiUrl,
        token,
        importArguments(path, reportFile),
      );
      expect({ exitCode, errors: exitCode === 0 ? '' : `${output}${errors}` }).toEqual({
        exitCode: 0,
        errors: '',
      });
      expect(await readReport(reportFile)).toMatchObject({
        rows: ROWS,
        posted: ROWS,
        replayed: 0,
        refused: 0,
        malformed: 0,
        balancesCompared: ROWS,
        mismatches: 0,
      });
      await expectTheBanksBalances(ledger);
    });

    it('posts nothing when it is run again', async () => {
      const before = await ledger.entries();
      const reportFile = join(directory, 'second.json');
      const { exitCode } = await runCli(platform.apiUrl, token, importArguments(path, reportFile));
      expect(exitCode).toBe(0);
      expect(await readReport(reportFile)).toMatchObject({
        rows: ROWS,
        posted: 0,
        replayed: ROWS,
        mismatches: 0,
      });
      expect(await ledger.entries()).toBe(before);
    });

    it('shows one account with its chain', async () => {
      const { exitCode, output } = await runCli(platform.apiUrl, token, [
        'accounts',
        'show',
        VICTIM.accountId,
      ]);
      expect(exitCode).toBe(0);
      expect(output).toMatch(/chain +valid/);
      expect(output).toMatch(/credit limit +unlimited/);
    });

    it('has only valid chains, until one byte of one entry is changed', async () => {
      const valid = await runCli(platform.apiUrl, token, ['verify', '--quiet']);
      expect(valid.output).toContain('every chain is valid');
      expect(valid.output).toContain('CZK sums to 0');
      expect(valid.exitCode).toBe(0);
      await changeOneByte(database.url);
      const tampered = await runCli(platform.apiUrl, token, ['verify', '--quiet']);
      expect(tampered.exitCode).toBe(1);
      expect(tampered.errors).toContain(
        `account ${VICTIM.accountId}: INVALID at sequence ${VICTIM.sequence}`,
      );
      const one = await runCli(platform.apiUrl, token, ['verify', '--account', VICTIM.accountId]);
      expect(one.exitCode).toBe(1);
      expect(one.output).toContain(`INVALID at sequence ${VICTIM.sequence}`);
    });
  });

  describe('with kill -9 in the middle', () => {
    const gates: Gate[] = [];
    const database = useDatabase();
    let platform: RunningPlatform;
    let token: string;
    let ledger: LedgerView;

    beforeAll(async () => {
      platform = await startPlatform({
        apps: ['balance', 'ledger', 'gateway'],
        env: { DATABASE_URL: database.url },
      });
      token = await platform.token(['operator']);
      ledger = createLedgerView(platform.apiUrl, token);
    });

    afterAll(async () => {
      for (const gate of gates) gate.close();
      await platform.stop();
    });

    /** Starts an import in small batches and waits until it has sent so much and can send no more. */
    async function importUntil(bytes: number, reportFile: string): Promise<{ run: CliRun; gate: Gate }> {
      const { hostname, port, pathname } = new URL(platform.apiUrl);
      expect(hostname).toBe('127.0.0.1');
      const gate = await openGate(Number(port), bytes);
      gates.push(gate);
      const args = [...importArguments(path, reportFile), '--batch-size', '100', '--retry-for', '5m'];
      const run = startCli(`http://${gate.address}${pathname}`, token, args);
      await gate.shut;
      return { run, gate };
    }

    it(
      'ends in the same books as without',
      async () => {
        const { run: killed } = await importUntil(BYTES / 10, join(directory, 'killed.json'));
        killed.kill('SIGKILL');
        expect((await killed.finished).exitCode).toBeNull();

        const reportFile = join(directory, 'resumed.json');
        const { run: resumed, gate } = await importUntil(BYTES / 2, reportFile);
        await platform.app('balance').kill9();
        expect(await ledger.entries()).toBeLessThan(2 * ROWS);
        gate.open();
        await platform.app('balance').restart();
        const { exitCode, output, errors } = await resumed.finished;
        expect({ exitCode, errors: exitCode === 0 ? '' : `${output}${errors}` }).toEqual({
          exitCode: 0,
          errors: '',
        });
        expect(await readReport(reportFile)).toMatchObject({
          rows: ROWS,
          refused: 0,
          mismatches: 0,
          unanswered: 0,
        });

        await expectTheBanksBalances(ledger);
        // Every row has an entry on its account and one on the account of the outside world.
        expect(await ledger.entries()).toBe(2 * ROWS);
        const again = join(directory, 'again.json');
        await runCli(platform.apiUrl, token, importArguments(path, again));
        expect(await readReport(again)).toMatchObject({ posted: 0, replayed: ROWS, mismatches: 0 });
        const verified = await runCli(platform.apiUrl, token, ['verify', '--quiet']);
        expect(verified.output).toContain('every chain is valid');
        expect(verified.exitCode).toBe(0);
      },
      TEST_TIMEOUT_MS,
    );
  });
});

async function changeOneByte(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query(
      `update ledger.entries set checksum = set_byte(checksum, 7, get_byte(checksum, 7) # 1)
       where account_id = $1 and sequence = $2`,
      [VICTIM.accountId, VICTIM.sequence],
    );
    expect(rowCount).toBe(1);
  } finally {
    await client.end();
  }
}
