import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checksumOf } from '@steelyard/domain/ledger-chain';
import { TransactionIds, type Command } from '@steelyard/domain/posting';
import type { Pool } from '@steelyard/platform/postgres';
import { useDatabase } from '@steelyard/testing/postgres';
import { exportLedger, importLedger } from '../../src/archive.composition.js';
import { fillBooks } from '../support/archive-books.js';
import { linesIn, parsed, sealed, type ArchiveLine } from '../support/archive-text.js';
import { faultsOf } from '../support/audit.js';
import * as commands from '../support/commands.js';
import { TEST_BUCKETS } from '../support/decider.js';
import { testEngine, type TestEngine } from '../support/test-engine.js';
import {
  connect,
  superuserPool,
  useBalanceDatabase,
  type Connections,
} from '../support/use-balance-database.js';

const NOTHING = (): void => undefined;

const LINE_OF_TABLE: Readonly<Record<string, string>> = {
  'balance.accounts': 'account',
  'balance.reservations': 'reservation',
  'balance.pots': 'pot',
  'balance.reversals': 'reversal',
  'balance.idempotency': 'idempotencyKey',
};

/** Rows of every table that holds money, in one order; which process moved a head last is nobody's business. */
const TABLES: Readonly<Record<string, string>> = {
  'balance.deployment': 'buckets, default_currency',
  'balance.heads': 'bucket, sequence, committed_at_ms',
  'balance.accounts': '*',
  'balance.facts': '*',
  'ledger.entries': '*',
  'balance.reservations': '*',
  'balance.pots': '*',
  'balance.reversals': '*',
  'balance.idempotency': '*',
};

describe('an archive of a ledger', () => {
  const source = useBalanceDatabase();
  const taken = useDatabase();
  const refused = useDatabase();
  let books: TestEngine;
  let folder: string;
  let file: string;
  let archive: string;
  let target: Pool;
  let targetConnections: Connections;

  const submit = (command: Command, key?: string) =>
    commands.submission(command, TEST_BUCKETS, key === undefined ? {} : { key });
  const execute = (command: Command, key?: string) => books.execute(submit(command, key));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'steelyard-archive-'));
    file = join(folder, 'ledger.ndjson');
    books = testEngine(source.connections);
    await fillBooks(books);
    await exportLedger(source.url, file, NOTHING);
    archive = await readFile(file, 'utf8');
    target = superuserPool(taken.url);
  });
  afterAll(async () => {
    await targetConnections.close();
    await target.end();
    await rm(folder, { recursive: true, force: true });
  });

  it('gives the same rows in a new deployment', async () => {
    const report = await importLedger(taken.url, file, NOTHING);
    expect(report.counts['entries']).toBeGreaterThan(600);
    for (const [table, columns] of Object.entries(TABLES)) {
      const rows = await rowsOf(source.superuser, table, columns);
      expect(rows.length).toBeGreaterThan(0);
      expect(await rowsOf(target, table, columns)).toEqual(rows);
    }
    expect(await faultsOf(target)).toEqual([]);
  });

  it('makes a deployment of its own: facts of the two are not taken for each other', async () => {
    const ids = [source.superuser, target].map((pool) => rowsOf(pool, 'balance.deployment', 'deployment_id'));
    const [from, to] = await Promise.all(ids);
    expect(to).toEqual([expect.stringMatching(/[0-9a-f]{8}-/)]);
    expect(to).not.toEqual(from);
  });

  it('holds every column that there is', async () => {
    const { rows } = await source.superuser.query<{ name: string; columns: string[] }>(
      `select table_schema || '.' || table_name as name, array_agg(column_name::text) as columns
       from information_schema.columns where table_schema || '.' || table_name = any ($1) group by 1`,
      [Object.keys(TABLES)],
    );
    const lines = parsed(archive);
    for (const { name, columns } of rows) {
      const line = lines.find((candidate) => LINE_OF_TABLE[name] === candidate['line']);
      if (line === undefined) continue;
      const members = columns.map((column) =>
        column.replaceAll(/_(.)/g, (_all, letter: string) => letter.toUpperCase()),
      );
      expect(Object.keys(line).toSorted()).toEqual([...members, 'line', 'check'].toSorted());
    }
  });

  it('is gone on with: keys answer as before, new postings follow the old', async () => {
    targetConnections = await connect(taken.url);
    const there = testEngine(targetConnections);
    const [again] = await there.execute(submit(commands.deposit('alice', 5_000n), 'first'));
    const [original] = await execute(commands.deposit('alice', 5_000n), 'first');
    expect(again).toEqual(original);
    expect(again).toMatchObject({ isReplayed: true });
    const [refusedAgain] = await there.execute(submit(commands.withdraw('alice', 9_999_999n), 'too-much'));
    expect(refusedAgain).toMatchObject({
      isReplayed: true,
      outcome: { kind: 'refusal', code: 'INSUFFICIENT_BALANCE' },
    });
    const [fresh] = await there.execute(submit(commands.transfer(['alice', 'player-1'], 10n)));
    expect(fresh).toMatchObject({ isReplayed: false });
    expect(await faultsOf(target)).toEqual([]);
  });

  it('is not taken into a deployment that holds anything', async () => {
    await expect(importLedger(taken.url, file, NOTHING)).rejects.toThrow(/not empty: there are accounts/);
  });

  it('shows one instant of a ledger that is posted to meanwhile', async () => {
    const over = new AbortController();
    const posting = (async () => {
      for (let index = 0; !over.signal.aborted; index += 1) {
        await execute(commands.transfer(['alice', `player-${index % 50}`], 1n));
      }
    })();
    const busy = join(folder, 'busy.ndjson');
    const report = await exportLedger(source.url, busy, NOTHING);
    over.abort();
    await posting;
    const lines = parsed(await readFile(busy, 'utf8'));
    expect(lines).toHaveLength(report.lines);
    const [header] = lines;
    const heads = header?.['heads'] as { sequence: number }[];
    expect(heads.reduce((sum, { sequence }) => sum + sequence, 0)).toBe(report.counts['facts']);
  });

  describe('that was changed', () => {
    afterAll(async () => {
      const pool = superuserPool(refused.url);
      try {
        const { rows } = await pool.query('select from balance.accounts union all select from balance.facts');
        expect(rows).toHaveLength(0);
        await importLedger(refused.url, file, NOTHING);
        expect(await faultsOf(pool)).toEqual([]);
      } finally {
        await pool.end();
      }
    });

    it.each(['header', 'account', 'fact', 'reservation', 'pot', 'reversal', 'idempotencyKey', 'footer'])(
      'in one character of a line (%s) is refused at that line',
      async (kind) => {
        const lines = linesIn(archive);
        const index = lines.findLastIndex((line) => line.startsWith(`{"line":"${kind}"`));
        const line = lines[index] ?? '';
        const digit = line.search(/[0-9](?=[^"]*"check")/);
        lines[index] = `${line.slice(0, digit)}${(Number(line[digit]) + 1) % 10}${line.slice(digit + 1)}`;
        await expect(taking(`${lines.join('\n')}\n`)).rejects.toThrow(`line ${index + 1}: `);
      },
    );

    it.each<[string, (lines: ArchiveLine[]) => number, RegExp]>([
      ['a balance', (lines) => change(lines, 'account', { balance: 1 }), /another balance/],
      ['a missing fact', (lines) => remove(lines, 'fact'), /fact 1 of bucket \d+ is missing/],
      ['a fact twice', (lines) => repeat(lines, 'fact'), /is missing: this is fact 1/],
      ['an account twice', (lines) => repeat(lines, 'account'), /by its key/],
      [
        'a later commit',
        (lines) => change(lines, 'fact', { committedAtMs: 4e12 }),
        /checksum does not match/,
      ],
      [
        'other metadata',
        (lines) => change(lines, 'fact', { data: '{"reason":"gift"}' }),
        /checksum does not match/,
      ],
      ['another type', (lines) => change(lines, 'fact', { kind: 'BONUS' }), /checksum does not match/],
      ['an unknown type', (lines) => change(lines, 'fact', { kind: 'GIFT' }), /GIFT is no kind of fact/],
      ['a hold', (lines) => change(lines, 'reservation', { sequence: 1 }), /no fact that it was held by/],
      [
        'a reversal',
        (lines) => change(lines, 'reversal', { factSequence: 9_999 }),
        /no fact that it reverses/,
      ],
      [
        'a key',
        (lines) => change(lines, 'idempotencyKey', { factSequence: 9_999 }),
        /no fact that it stands for/,
      ],
      ['a status', (lines) => change(lines, 'account', { status: 7 }), /the database does not take it/],
      ['a missing member', (lines) => change(lines, 'pot', { seats: undefined }), /members/],
      ['a member too much', (lines) => change(lines, 'pot', { extra: 1 }), /members/],
      ['a broken number', (lines) => change(lines, 'account', { held: 1.5 }), /held must be a whole number/],
      [
        'a strange bucket',
        (lines) => change(lines, 'account', { bucket: 7, accountId: 'alice' }),
        /belong into bucket 7|by its key/,
      ],
      ['a line of its own kind', (lines) => change(lines, 'pot', { line: 'note' }), /no lines called "note"/],
      ['a line out of place', (lines) => moveDown(lines, 'account'), /not where lines of its kind are/],
    ])('by a forger (%s) is refused at the line', async (_what, forge, reason) => {
      const lines = parsed(archive);
      const line = forge(lines);
      const refusal = taking(sealed(lines));
      await expect(refusal).rejects.toThrow(reason);
      await expect(refusal).rejects.toThrow(new RegExp(`^line ${line}: `));
    });

    it('so that money comes from nowhere, with right hashes, is refused at the fact', async () => {
      const lines = parsed(archive);
      const line = raiseLastDeposit(lines);
      await expect(taking(sealed(lines))).rejects.toThrow(`line ${line}: its entries do not sum to zero`);
    });

    it('so that it holds more than its reservations is refused at the account', async () => {
      const lines = parsed(archive);
      const index = lines.findIndex((one) => one['line'] === 'account' && one['held'] !== 0);
      lines[index] = { ...lines[index], held: 1 };
      await expect(taking(sealed(lines))).rejects.toThrow(`line ${index + 1}: what it holds is not`);
    });

    it('by cutting off its end is refused behind the last line', async () => {
      const lines = linesIn(archive).slice(0, -1);
      await expect(taking(`${lines.join('\n')}\n`)).rejects.toThrow(
        `line ${lines.length + 1}: the file ends`,
      );
    });

    it('by lines behind the footer is refused', async () => {
      await expect(taking(`${archive}{}\n`)).rejects.toThrow('more behind the footer');
    });

    it('into something else is refused at its first line', async () => {
      await expect(taking('id,amount\n1,2\n')).rejects.toThrow('line 1: it is not a JSON object');
    });

    it('in its counts is refused at the footer', async () => {
      const lines = parsed(archive);
      const counts = lines.at(-1)?.['counts'] as Record<string, number>;
      lines[lines.length - 1] = { ...lines.at(-1), counts: { ...counts, pots: 17 } };
      await expect(taking(sealed(lines))).rejects.toThrow(`line ${lines.length}: 17 pots were written`);
    });
  });

  async function taking(text: string): Promise<unknown> {
    const changed = join(folder, `changed-${Math.random()}.ndjson`);
    await writeFile(changed, text);
    return importLedger(refused.url, changed, NOTHING);
  }
});

async function rowsOf(pool: Pool, table: string, columns: string): Promise<unknown[]> {
  const { rows } = await pool.query<{ row: unknown }>(
    `select to_jsonb(picked)::text as row from (select ${columns} from ${table}) as picked order by 1`,
  );
  return rows.map(({ row }) => row);
}

/** Changes the first line of a kind, of facts one with entries; an undefined member goes. Returns its number. */
function change(lines: ArchiveLine[], kind: string, members: ArchiveLine): number {
  const index = lines.findIndex(
    ({ line, entries }) => line === kind && (!Array.isArray(entries) || entries.length > 0),
  );
  lines[index] = { ...lines[index], ...members };
  return index + 1;
}

function remove(lines: ArchiveLine[], kind: string): number {
  const index = lines.findIndex(({ line }) => line === kind);
  lines.splice(index, 1);
  return index + 1;
}

function repeat(lines: ArchiveLine[], kind: string): number {
  const index = lines.findIndex(({ line }) => line === kind);
  lines.splice(index, 0, lines[index] ?? {});
  return index + 2;
}

/** Puts the last line of a kind behind the first fact. Returns its number there. */
function moveDown(lines: ArchiveLine[], kind: string): number {
  const [moved] = lines.splice(
    lines.findLastIndex(({ line }) => line === kind),
    1,
  );
  const place = lines.findIndex(({ line }) => line === 'fact') + 1;
  lines.splice(place, 0, moved ?? {});
  return place + 1;
}

interface ForgedEntry {
  accountId: string;
  sequence: number;
  amount: number;
  balanceAfter: number;
  ordinal: number;
  checksum: string;
}

/** Gives an account more in its last deposit, and makes every hash right again. Returns the line of the fact. */
function raiseLastDeposit(lines: ArchiveLine[]): number {
  const accounts = new Map(
    lines.filter(({ line }) => line === 'account').map((line) => [line['accountId'], line]),
  );
  const index = lines.findIndex(({ line, kind, entries }) => {
    const [entry] = (entries ?? []) as ForgedEntry[];
    return (
      line === 'fact' &&
      kind === 'DEPOSIT' &&
      accounts.get(entry?.accountId)?.['sequence'] === entry?.sequence
    );
  });
  const fact = lines[index] as ArchiveLine & {
    bucket: number;
    sequence: number;
    committedAtMs: number;
    data: string;
  };
  const [entry, ...others] = fact['entries'] as ForgedEntry[];
  const account = accounts.get(entry?.accountId);
  if (entry === undefined || account === undefined) throw new Error('there is a last deposit');
  const previous = lines
    .flatMap(({ entries }) => (entries ?? []) as ForgedEntry[])
    .find(({ accountId, sequence }) => accountId === entry.accountId && sequence === entry.sequence - 1);
  const key = { bucket: fact.bucket, sequence: BigInt(fact.sequence) };
  const ids = new TransactionIds(key, fact.committedAtMs);
  const checksum = checksumOf({
    entryId: ids.entryId(entry.ordinal),
    transactionId: ids.transactionId,
    accountId: entry.accountId,
    type: 'DEPOSIT',
    amount: BigInt(entry.amount + 1),
    balanceBefore: BigInt(entry.balanceAfter - entry.amount),
    balanceAfter: BigInt(entry.balanceAfter + 1),
    metadataJson: fact.data,
    timestamp: new Date(fact.committedAtMs).toISOString(),
    previousChecksum: previous?.checksum ?? 'GENESIS',
  });
  const forged = { ...entry, amount: entry.amount + 1, balanceAfter: entry.balanceAfter + 1, checksum };
  lines[index] = { ...fact, entries: [forged, ...others] };
  lines[lines.indexOf(account)] = { ...account, balance: Number(account['balance']) + 1, checksum };
  return index + 1;
}
