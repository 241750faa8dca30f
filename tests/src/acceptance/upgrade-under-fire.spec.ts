import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ledgerV1 } from '@steelyard/contracts/grpc';
import { bucketOf } from '@steelyard/domain/accounts';
import { grpcClient } from '@steelyard/platform/grpc';
import { startPostgres, type TestPostgres } from '@steelyard/testing/postgres';
import { startApp, type RunningApp } from '@steelyard/testing/processes';
import { eventually } from '@steelyard/testing/wait';
import { Client } from 'pg';
import { FirstReleaseWriter, WRITER_APPLICATION } from './support/first-release/first-release-writer.js';
import { BUCKETS, postHistory } from './support/first-release/ledger-history.js';
import {
  sendUntilAnswered,
  startBalance,
  stopBalance,
  type BalanceProcess,
} from './support/balance-processes.js';
import { deposit, grantedIn } from './support/wire-commands.js';

const SCHEMA = readFileSync(new URL('support/first-release/schema.sql', import.meta.url), 'utf8');
/** 500,000 transfers: a million entries. */
const PAIRS = 10_000;
const ROUNDS = 50;
const WRITERS = 4;
/**
 * No write may be seen waiting at more looks in a row: a second of a machine that does nothing else. One that stands
 * still does not look either, and what is slow slows the looks, too.
 */
const BLOCKED_LOOKS_MAX = 100;
const LOOK_INTERVAL_MS = 10;
const VERIFY_PAGE_ACCOUNTS = 500;
const VERIFY_DEADLINE_MS = 120_000;
const TEST_TIMEOUT_MS = 900_000;

const WAITING = `
select pid || ' since ' || query_start as write
from pg_stat_activity where application_name = $1 and state = 'active' and wait_event_type = 'Lock'`;

/** The first release's database with a million entries; this release starts on it while that one goes on writing. */
describe('the upgrade under fire', () => {
  const writers: FirstReleaseWriter[] = [];
  let balance: readonly BalanceProcess[] = [];
  let ledger: RunningApp | undefined;
  let entries = 0;
  let superuser: Client;
  let database: TestPostgres;
  const stopWriters = () => Promise.all(writers.map((writer) => writer.stop()));
  afterAll(async () => {
    await stopWriters();
    await ledger?.stop();
    await stopBalance(balance);
    await superuser.end();
    await database.stop();
  });

  beforeAll(async () => {
    // A server of its own that syncs nothing: a million entries at once would hold up every other suite's commits.
    database = await startPostgres({ fsync: 'off', full_page_writes: 'off', max_wal_size: '4GB' });
    superuser = new Client({ connectionString: database.url });
    await superuser.connect();
    await superuser.query(SCHEMA);
    entries = await postHistory(superuser, PAIRS, ROUNDS);
  }, TEST_TIMEOUT_MS);

  it(
    'blocks no write for long, and both releases write side by side',
    async () => {
      const [newcomer, ...accountIds] = accountsInBuckets(WRITERS + 1);
      for (const accountId of accountIds) {
        writers.push(await FirstReleaseWriter.start(database.url, accountId));
      }
      const watch = watchLocks(superuser);
      const env = { DATABASE_URL: database.url, FACT_CONSUMERS: 'none' };
      balance = await startBalance(1, env);
      ledger = await startApp('ledger', env);
      const longest = await watch.stop();
      const before = writers.map(({ deposits }) => deposits);
      const [process] = balance;
      if (process === undefined) throw new Error('no process runs');
      const outcomes = await sendUntilAnswered(() => process, [deposit('first', newcomer ?? '', 7n)]);
      expect(outcomes.map((outcome) => grantedIn(outcome)?.amount)).toEqual([7n]);
      await eventually(() => writers.every(({ deposits }, i) => deposits > (before[i] ?? 0n)));
      await stopWriters();
      expect(longest).toBeLessThan(BLOCKED_LOOKS_MAX);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'leaves chains that verify across the boundary',
    async () => {
      const verified = await verifyAll(ledger?.grpcTarget ?? '');
      expect(verified.failures).toEqual([]);
      const written = writers.reduce((sum, { deposits }) => sum + deposits, 0n);
      expect(written).toBeGreaterThan(0n);
      expect(verified.entries).toBe(BigInt(entries) + 2n * written + 2n);
    },
    TEST_TIMEOUT_MS,
  );
});

/** One account id in each of so many buckets. */
function accountsInBuckets(count: number): string[] {
  const byBucket = new Map<number, string>();
  for (let n = 0; byBucket.size < count; n++) byBucket.set(bucketOf(`fire-${n}`, BUCKETS), `fire-${n}`);
  return [...byBucket.values()];
}

/** Looks which writes of the first release wait for locks; at how many looks in a row one of them did, at most. */
function watchLocks(client: Client): { stop: () => Promise<number> } {
  let longest = 0;
  let waiting = new Map<string, number>();
  const stopping = new AbortController();
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      const { rows } = await client.query<{ write: string }>(WAITING, [WRITER_APPLICATION]);
      waiting = new Map(rows.map(({ write }) => [write, (waiting.get(write) ?? 0) + 1]));
      longest = Math.max(longest, ...waiting.values());
      await delay(LOOK_INTERVAL_MS);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await watching;
      return longest;
    },
  };
}

/** Walks over the whole ledger by the service that anyone may ask. */
async function verifyAll(address: string): Promise<{ failures: readonly unknown[]; entries: bigint }> {
  const client = grpcClient(ledgerV1.LedgerServiceService, { address, deadlineMs: VERIFY_DEADLINE_MS });
  try {
    const failures: unknown[] = [];
    let [entries, cursor] = [0n, ''];
    do {
      const page = await client.call('verifyAccounts', { cursor, limit: VERIFY_PAGE_ACCOUNTS });
      failures.push(...page.failures);
      entries += page.entriesChecked;
      cursor = page.nextCursor;
    } while (cursor !== '');
    return { failures, entries };
  } finally {
    await client.close();
  }
}
