import { ChainVerifier, type StoredEntry } from '@steelyard/domain/ledger-chain';
import { createPool } from '@steelyard/platform/postgres';
import { SAMPLE_ACCOUNTS } from '../books-check.sql.js';
import { entriesOf, type ChainEnd } from '../chain-sample.js';
import { median } from '../report/statistics.js';
import type { Figure } from '../results.types.js';
import type { Bench } from './leg.js';

/** Enough for seconds of work, and no more than some hundred megabytes. */
const ENTRIES_MAX = 200_000;
const ACCOUNTS_MAX = 1_000;
const MICROSECONDS_PER_SECOND = 1_000_000;
const STATEMENT_TIMEOUT_MS = 60_000;

/** How fast the core recomputes chains that are in memory already, on one core. */
export async function verificationFigures(bench: Bench, url: string): Promise<Figure[]> {
  bench.report('verifying chains in memory');
  const chains = await readChains(url);
  const entries = chains.reduce((sum, chain) => sum + chain.length, 0);
  const rates: number[] = [];
  for (let round = 0; round <= bench.options.rounds; round++) {
    bench.signal.throwIfAborted();
    const before = process.cpuUsage();
    for (const chain of chains) verify(chain);
    const used = process.cpuUsage(before);
    rates.push((entries * MICROSECONDS_PER_SECOND) / (used.user + used.system));
  }
  // The first round is the warm-up.
  return [
    {
      id: 'verification-pure',
      title: 'chain verification, entries in memory, for a second of one core',
      value: median(rates.slice(1)),
      unit: 'entries',
    },
  ];
}

async function readChains(url: string): Promise<StoredEntry[][]> {
  const pool = createPool({
    url,
    applicationName: 'steelyard bench verification',
    sizeMax: 1,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  try {
    const { rows } = await pool.query<ChainEnd>(SAMPLE_ACCOUNTS, [ACCOUNTS_MAX, 0]);
    const chains: StoredEntry[][] = [];
    let left = ENTRIES_MAX;
    for (const account of rows) {
      const chain = await readUpTo(left, entriesOf(pool, account));
      chains.push(chain);
      left -= chain.length;
      if (left <= 0) break;
    }
    return chains;
  } finally {
    await pool.end();
  }
}

async function readUpTo(count: number, entries: AsyncIterable<StoredEntry>): Promise<StoredEntry[]> {
  const read: StoredEntry[] = [];
  for await (const entry of entries) {
    read.push(entry);
    if (read.length === count) break;
  }
  return read;
}

function verify(chain: readonly StoredEntry[]): void {
  const verifier = new ChainVerifier();
  for (const entry of chain) {
    const fault = verifier.next(entry);
    if (fault) throw new Error(`${entry.accountId}, entry ${fault.sequence}: ${fault.reason}`);
  }
}
