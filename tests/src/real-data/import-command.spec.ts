import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useDatabase } from '@steelyard/testing/postgres';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import { openGate } from './gate.js';
import { createLedgerView, type LedgerView } from './ledger-view.js';
import { runCli, startCli } from './steelyard-cli.js';

const COLUMNS =
  '--account account --amount amount --reference reference --expect-balance balance --currency USD';

/** Rows of two accounts in turn, one dollar each, with the balance that follows. */
function statement(prefix: string, rowCount: number): string {
  const lines = Array.from({ length: rowCount }, (_, index) => {
    const account = `${prefix}-${index % 2}`;
    return `${account},1.00,${prefix}-r${index},${Math.floor(index / 2) + 1}.00`;
  });
  return ['account,amount,reference,balance', ...lines, ''].join('\n');
}

describe('the import command', () => {
  const database = useDatabase();
  let platform: RunningPlatform;
  let token: string;
  let ledger: LedgerView;
  let directory: string;

  beforeAll(async () => {
    platform = await startPlatform({
      apps: ['balance', 'ledger', 'gateway'],
      env: { DATABASE_URL: database.url },
    });
    token = await platform.token(['operator']);
    ledger = createLedgerView(platform.apiUrl, token);
    directory = await mkdtemp(join(tmpdir(), 'steelyard-import-'));
  });

  afterAll(async () => {
    await platform.stop();
    await rm(directory, { recursive: true });
  });

  async function argumentsFor(name: string, text: string, more: readonly string[] = []): Promise<string[]> {
    const path = join(directory, name);
    await writeFile(path, text);
    return ['import', path, ...COLUMNS.split(' '), '--report', `${path}.report.json`, ...more];
  }

  async function readReport(name: string): Promise<unknown> {
    return JSON.parse(await readFile(join(directory, `${name}.report.json`), 'utf8'));
  }

  it('posts what is well formed and names the line of what is not', async () => {
    const text = [
      'account,amount,reference,balance',
      'mixed,10.00,m1,10.00',
      'mixed,ten,m2,20.00',
      'mixed,-4.00,m3,6.00',
      'mixed,1.001,m4,7.00',
      'mixed,1.00',
      'mixed,-100.00,m5,-94.00',
      'mixed,2.00,m6,9.00',
    ].join('\n');
    const { exitCode, output } = await runCli(platform.apiUrl, token, await argumentsFor('mixed.csv', text));
    expect(exitCode).toBe(1);
    expect(await readReport('mixed.csv')).toMatchObject({
      rows: 7,
      posted: 3,
      malformed: 3,
      refused: 1,
      refusedByCode: {
        INSUFFICIENT_BALANCE: { count: 1, first: [{ line: 7, account: 'mixed', reference: 'm5' }] },
      },
      mismatches: 1,
      firstMismatches: [{ line: 8, account: 'mixed', reference: 'm6', expected: '9.00', found: '8.00' }],
    });
    expect(output).toContain('line 3: amount must be a decimal such as 12.50');
    expect(output).toContain('line 5: amount has more than 2 decimals');
    expect(output).toContain('line 6: 2 fields, the header has 4');
    expect(await ledger.balance('mixed')).toBe('800');
  });

  it('stops at the first malformed row when strict', async () => {
    const text = 'account,amount,reference,balance\nstrict,1,s1,1\nstrict,one,s2,2\nstrict,1,s3,2\n';
    const args = await argumentsFor('strict.csv', text, ['--strict']);
    const { exitCode, output } = await runCli(platform.apiUrl, token, args);
    expect(exitCode).toBe(1);
    expect(output).toContain('stopped: line 3 is malformed and --strict was given');
    expect(await ledger.balance('strict')).toBe('100');
  });

  it('reads NDJSON', async () => {
    const text = '{"account":"json","amount":0.10,"reference":1,"balance":0.1}\n';
    const { exitCode } = await runCli(platform.apiUrl, token, await argumentsFor('rows.ndjson', text));
    expect(exitCode).toBe(0);
    expect(await ledger.balance('json')).toBe('10');
  });

  it('prints the report on Ctrl-C, and the same command finishes the work', async () => {
    const before = await ledger.entries();
    const args = await argumentsFor('long.csv', statement('long', 6_000));
    const { port, pathname } = new URL(platform.apiUrl);
    const gate = await openGate(Number(port), 50_000);
    const run = startCli(`http://${gate.address}${pathname}`, token, [...args, '--batch-size', '10']);
    await gate.shut;
    run.kill('SIGINT');
    gate.open();
    const interrupted = await run.finished;
    gate.close();
    expect(interrupted.exitCode).toBe(1);
    expect(interrupted.output).toContain('run the same command again to finish');
    expect(await ledger.entries()).toBeLessThan(before + 12_000);

    const finished = await runCli(platform.apiUrl, token, args);
    expect(finished.exitCode).toBe(0);
    expect(await readReport('long.csv')).toMatchObject({ rows: 6_000, mismatches: 0, refused: 0 });
    expect(await ledger.entries()).toBe(before + 12_000);
    expect(await ledger.balance('long-0')).toBe('300000');
  });

  it('says in one line what to do when it is called wrongly', async () => {
    const args = await argumentsFor('wrong.csv', 'konto,castka\n1,2\n');
    const { exitCode, errors } = await runCli(platform.apiUrl, token, args);
    expect(exitCode).toBe(2);
    expect(errors).toBe(
      'steelyard: no column "account", "amount", "reference", "balance"; the header has: konto, castka\n',
    );
  });

  it('says what to do about a token that is not accepted', async () => {
    const { exitCode, errors } = await runCli(platform.apiUrl, 'nonsense', ['accounts', 'show', 'long-0']);
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/^steelyard: the platform did not accept the token .*STEELYARD_TOKEN.*\n$/);
  });
});
