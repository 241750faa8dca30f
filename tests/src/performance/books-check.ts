import { createPool, type Pool } from '@steelyard/platform/postgres';
import { COUNT_HOLD_FAULTS, COUNT_KEYS, COUNT_TRANSACTIONS, SUM_BOOKS } from './books-check.sql.js';
import { verifySample } from './chain-sample.js';
import type { Tally } from './measure/side.js';
import type { BooksCheck } from './results.types.js';

export interface CheckOptions {
  readonly tally: Tally;
  /** Every accepted command made exactly one transaction. */
  readonly countsTransactions?: boolean;
}

interface CurrencyRow {
  readonly currency: string | null;
  readonly entry_sum: string;
  readonly balance_sum: string | null;
  readonly entries: string;
  readonly wrong_balances: string;
  readonly wrong_sequences: string;
}

/** Adding up all entries of a long run takes a while. */
const STATEMENT_TIMEOUT_MS = 600_000;

/**
 * Compares what a database holds with what callers were told: sums zero in every currency, every balance the sum
 * of its entries, as many transactions as were accepted, an idempotency row for every request, sampled chains.
 */
export async function checkBooks(
  title: string,
  url: string,
  { tally, countsTransactions = true }: CheckOptions,
): Promise<BooksCheck> {
  const pool = createPool({
    url,
    applicationName: 'steelyard bench check',
    sizeMax: 1,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  try {
    return await compare(title, pool, { tally, countsTransactions });
  } finally {
    await pool.end();
  }
}

async function compare(
  title: string,
  pool: Pool,
  { tally, countsTransactions }: { tally: Tally; countsTransactions: boolean },
): Promise<BooksCheck> {
  const { rows: currencies } = await pool.query<CurrencyRow>(SUM_BOOKS);
  const stored = Number(await single(pool, COUNT_TRANSACTIONS, 'count'));
  const keyRows = Number(await single(pool, COUNT_KEYS, 'transactions'));
  const refusalRows = Number(await single(pool, COUNT_KEYS, 'refusals'));
  const sample = await verifySample(pool);
  const { accepted, refused, unknown } = tally;
  const { rows: holds } = await pool.query<{ what: string; count: string }>(COUNT_HOLD_FAULTS);
  const countFaults = () => [
    ...outside('transactions', stored, { least: accepted, most: accepted + unknown }),
    ...outside('idempotency rows of transactions', keyRows, { least: stored, most: stored }),
    ...outside('idempotency rows of refusals', refusalRows, { least: refused, most: refused + unknown }),
  ];
  const faults = [
    ...currencies.flatMap(faultsOf),
    ...(countsTransactions ? countFaults() : []),
    ...holds.filter(({ count }) => count !== '0').map(({ what, count }) => `${count} ${what}`),
    ...sample.faults,
  ];
  return {
    title,
    accepted,
    stored,
    refused,
    unknown,
    idempotencyRows: keyRows + refusalRows,
    entries: currencies.reduce((sum, { entries }) => sum + Number(entries), 0),
    chainsVerified: sample.chains,
    entriesVerified: sample.entries,
    faults,
  };
}

async function single(pool: Pool, text: string, column: string): Promise<string> {
  const { rows } = await pool.query<Record<string, string>>(text);
  return rows[0]?.[column] ?? '0';
}

function faultsOf(row: CurrencyRow): string[] {
  const name = row.currency ?? 'entries without an account';
  return [
    ...(row.entry_sum === '0' ? [] : [`${name}: entries sum to ${row.entry_sum}`]),
    ...(row.balance_sum === '0' ? [] : [`${name}: balances sum to ${row.balance_sum ?? 'nothing'}`]),
    ...(row.wrong_balances === '0'
      ? []
      : [`${name}: ${row.wrong_balances} balances differ from their entries`]),
    ...(row.wrong_sequences === '0' ? [] : [`${name}: ${row.wrong_sequences} chains have gaps`]),
  ];
}

function outside(what: string, found: number, { least, most }: { least: number; most: number }): string[] {
  if (found >= least && found <= most) return [];
  const expected = least === most ? `${least}` : `${least} to ${most}`;
  return [`${found} ${what}, ${expected} expected`];
}
