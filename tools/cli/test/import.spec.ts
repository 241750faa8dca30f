import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ImportOptions } from '../src/import/import-options.js';
import type { ImportSummary } from '../src/import/import-report.js';
import { runImport } from '../src/import/run-import.js';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScriptedPlatform } from './scripted-platform.js';

const OPTIONS: ImportOptions = {
  file: '-',
  format: 'csv',
  columns: {
    account: 'account',
    amount: 'amount',
    direction: 'direction',
    currencyCode: 'CZK',
    reference: 'reference',
    expectBalance: 'balance',
    type: 'type',
    metadata: [],
    minor: false,
  },
  delimiter: ',',
  creditLimit: 'unlimited',
  batchSize: 3,
  inFlight: 2,
  strict: false,
  quiet: true,
  retryForMs: 600_000,
};
const HEADER = 'account,amount,direction,reference,balance,type';

interface Imported {
  readonly exitCode: number;
  readonly summary: ImportSummary;
  readonly output: string;
  readonly errors: string;
}

describe('importing', () => {
  let platform: ScriptedPlatform;
  let url: string;
  let directory: string;

  beforeEach(async () => {
    platform = new ScriptedPlatform();
    url = await platform.start();
    directory = await mkdtemp(join(tmpdir(), 'steelyard-import-'));
  });

  afterEach(async () => {
    await platform.stop();
    await rm(directory, { recursive: true });
  });

  async function run(
    rows: readonly string[],
    options: Partial<ImportOptions> = {},
    stop = new AbortController(),
  ): Promise<Imported> {
    const output = new PassThrough();
    const errors = new PassThrough();
    const reportFile = join(directory, 'report.json');
    const exitCode = await runImport(
      { ...OPTIONS, ...options, reportFile },
      { url, authorization: 'Bearer test' },
      {
        input: Readable.from([[HEADER, ...rows].join('\n')]),
        output,
        errors,
        stop: stop.signal,
        abort: new AbortController().signal,
      },
    );
    // The report is what is tested here: a wrong member fails the expectations.
    const summary = JSON.parse(await readFile(reportFile, 'utf8')) as ImportSummary;
    return { exitCode, summary, output: String(output.read()), errors: String(errors.read() ?? '') };
  }

  /** Twenty rows on four accounts, each account's balance growing by one crown a row. */
  const ROWS = Array.from({ length: 20 }, (_, index) => {
    const step = Math.floor(index / 4) + 1;
    return `acc-${index % 4},1.00,credit,r${index},${step}.00,`;
  });

  it('posts every row once, opens every account once, and posts nothing when it is run again', async () => {
    const first = await run(ROWS);
    expect(first.exitCode).toBe(0);
    expect(first.summary).toMatchObject({
      rows: 20,
      posted: 20,
      replayed: 0,
      balancesCompared: 20,
      mismatches: 0,
    });
    expect(platform.openings).toHaveLength(4);
    expect(platform.openings).toContainEqual({
      accountId: 'acc-0',
      currency: 'CZK',
      limits: { creditLimit: null },
    });
    const second = await run(ROWS);
    expect(second.exitCode).toBe(0);
    expect(second.summary).toMatchObject({ rows: 20, posted: 0, replayed: 20, mismatches: 0 });
    expect(platform.applied).toHaveLength(20);
  });

  it.each(['refuse', 'lose-answer', 'half', 'too-large'] as const)(
    'keeps the order of each account when a batch meets the fault %s',
    async (fault) => {
      platform.failAt(2, fault);
      platform.failAt(3, fault);
      const { exitCode, summary } = await run(ROWS);
      expect(summary).toMatchObject({ rows: 20, refused: 0, mismatches: 0, unanswered: 0 });
      expect(exitCode).toBe(0);
      expect(platform.applied).toHaveLength(20);
    },
  );

  it('never has more requests under way than lanes', async () => {
    await run(ROWS, { batchSize: 1, inFlight: 2 });
    expect(platform.batchesReceived).toBe(20);
    expect(platform.batchesUnderWayMax).toBeLessThanOrEqual(2);
  });

  it('reports malformed rows with their lines and posts the others', async () => {
    const rows = ['a,1.00,credit,r1,1.00,', 'a,oops,credit,r2,1.00,', 'a,1.00', 'a,2.00,debit,r4,-1.00,'];
    const { exitCode, summary, output, errors } = await run(rows);
    expect(exitCode).toBe(1);
    expect(summary).toMatchObject({ rows: 4, posted: 2, malformed: 2, mismatches: 0 });
    expect(summary.malformedRows).toEqual([
      { line: 3, reason: 'amount must be a decimal such as 12.50' },
      { line: 4, reason: '2 fields, the header has 6' },
    ]);
    expect(output).toContain('line 3: amount must be a decimal such as 12.50');
    expect(errors).toContain('line 4: 2 fields, the header has 6');
  });

  it('stops at the first malformed row when strict, with everything before it posted', async () => {
    const rows = ['a,1.00,credit,r1,1.00,', 'a,oops,credit,r2,1.00,', 'a,1.00,credit,r3,2.00,'];
    const { exitCode, summary } = await run(rows, { strict: true });
    expect(exitCode).toBe(1);
    expect(summary).toMatchObject({ rows: 2, posted: 1, malformed: 1, unanswered: 0 });
    expect(summary.stopped).toBe('line 3 is malformed and --strict was given');
  });

  it('names the mismatch and the refusal', async () => {
    const rows = ['a,1.00,credit,r1,1.01,', 'a,1.00,credit,r2,2.00,BONUS'];
    const { exitCode, summary } = await run(rows);
    expect(exitCode).toBe(1);
    expect(summary.firstMismatches).toEqual([
      { line: 2, account: 'a', reference: 'r1', expected: '1.01', found: '1.00' },
    ]);
    expect(summary.refusedByCode).toEqual({
      ACCOUNT_FROZEN: { count: 1, first: [{ line: 3, account: 'a', reference: 'r2', message: 'frozen' }] },
    });
  });

  it('posts nothing to an account of another currency', async () => {
    platform.currencies.set('a', 'USD');
    const { exitCode, summary } = await run(['a,1.00,credit,r1,1.00,', 'b,1.00,credit,r2,1.00,']);
    expect(exitCode).toBe(1);
    expect(summary.posted).toBe(1);
    expect(summary.refusedByCode['CURRENCY_MISMATCH']?.first[0]?.message).toBe(
      'the account is in USD, the row in CZK',
    );
    expect(platform.balances.has('a')).toBe(false);
  });

  it('prints the report when it is interrupted, and the same command finishes the work', async () => {
    const stop = new AbortController();
    platform.onBatch = (number) => (number === 3 ? stop.abort() : undefined);
    const first = await run(ROWS, { batchSize: 1 }, stop);
    expect(first.exitCode).toBe(1);
    expect(first.output).toContain('stopped: interrupted: run the same command again to finish');
    expect(platform.applied.length).toBeLessThan(20);
    const second = await run(ROWS);
    expect(second.exitCode).toBe(0);
    expect(second.summary.replayed + second.summary.posted).toBe(20);
    expect(platform.applied).toHaveLength(20);
  });

  it('gives up an outage after the deadline and says what to do', async () => {
    await platform.stop();
    const { exitCode, summary } = await run(ROWS, { retryForMs: 300 });
    platform = new ScriptedPlatform();
    await platform.start();
    expect(exitCode).toBe(1);
    expect(summary.stopped).toContain('is the platform running? Start it with: npm start');
    expect(summary.unanswered).toBeGreaterThan(0);
  });

  it('goes on where it was when an outage ends in time', async () => {
    for (const number of [1, 2, 3, 4]) platform.failAt(number, 'refuse');
    const { exitCode, errors } = await run(ROWS);
    expect(exitCode).toBe(0);
    expect(errors.match(/UNAVAILABLE: down; trying again/g)).toHaveLength(1);
  });
});
