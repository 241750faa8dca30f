import { ChainVerifier, type StoredEntry } from '@steelyard/domain/ledger-chain';
import { entryIdOf, factKind, transactionIdOf } from '@steelyard/domain/posting';
import type { Pool } from '@steelyard/platform/postgres';
import { READ_CHAIN, SAMPLE_ACCOUNTS } from './books-check.sql.js';

/** An account as its row says that its chain ends. */
export interface ChainEnd {
  readonly bucket: number;
  readonly account_id: string;
  readonly sequence: bigint;
  readonly balance: bigint;
  readonly checksum: string;
}

interface ChainRow {
  readonly sequence: bigint;
  readonly amount: bigint;
  readonly balance_after: bigint;
  readonly fact_sequence: bigint;
  readonly ordinal: number;
  readonly hash_version: number;
  readonly checksum: string;
  readonly kind: number;
  readonly committed_at_ms: bigint;
  readonly home_bucket: number | null;
  readonly home_sequence: bigint | null;
  readonly data: string;
}

export interface SampleVerdict {
  readonly chains: number;
  readonly entries: number;
  readonly faults: readonly string[];
}

const RANDOM_CHAINS = 20;
const LONGEST_CHAINS = 5;
/** Of a longer chain its end is verified: the hot account's alone can hold most of a run's entries. */
const ENTRIES_PER_CHAIN_MAX = 20_000n;
const PAGE_ENTRIES = 5_000;

/** Recomputes the chains of some accounts, the longest among them, with the core's own verifier. */
export async function verifySample(pool: Pool): Promise<SampleVerdict> {
  const { rows } = await pool.query<ChainEnd>(SAMPLE_ACCOUNTS, [RANDOM_CHAINS, LONGEST_CHAINS]);
  const faults: string[] = [];
  let entries = 0;
  for (const account of rows) {
    const found = await verifyChain(pool, account);
    entries += found.entries;
    if (found.fault !== undefined) faults.push(`${account.account_id}: ${found.fault}`);
  }
  return { chains: rows.length, entries, faults };
}

async function verifyChain(
  pool: Pool,
  account: ChainEnd,
): Promise<{ entries: number; fault: string | undefined }> {
  const verifier = await verifierBefore(pool, account);
  let entries = 0;
  for await (const entry of entriesOf(pool, account, verifier.sequence)) {
    entries += 1;
    const fault = verifier.next(entry);
    if (fault) return { entries, fault: `entry ${fault.sequence}: ${fault.reason}` };
  }
  return { entries, fault: verifier.endFault(account)?.reason };
}

/** A verifier that stands where the part of the chain that is verified begins. */
async function verifierBefore(pool: Pool, account: ChainEnd): Promise<ChainVerifier> {
  const verifier = new ChainVerifier();
  const skipped = account.sequence - ENTRIES_PER_CHAIN_MAX;
  if (skipped <= 0n) return verifier;
  const [last] = await readChain(pool, account, { after: skipped - 1n, limit: 1 });
  if (last === undefined) return verifier;
  verifier.sequence = last.sequence;
  verifier.balance = last.balanceAfter;
  verifier.checksum = last.checksum;
  return verifier;
}

/** The entries of an account's chain after a sequence, read in pages. */
export async function* entriesOf(pool: Pool, account: ChainEnd, after = 0n): AsyncGenerator<StoredEntry> {
  for (let from = after; ;) {
    const page = await readChain(pool, account, { after: from, limit: PAGE_ENTRIES });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ENTRIES) return;
    from = last.sequence;
  }
}

async function readChain(
  pool: Pool,
  account: ChainEnd,
  slice: { readonly after: bigint; readonly limit: number },
): Promise<StoredEntry[]> {
  const values = [account.bucket, account.account_id, slice.after, slice.limit];
  const { rows } = await pool.query<ChainRow>({ name: 'read_chain', text: READ_CHAIN, values });
  return rows.map((row) => storedEntry(account, row));
}

function storedEntry(account: ChainEnd, row: ChainRow): StoredEntry {
  const { home_bucket: homeBucket, home_sequence: homeSequence } = row;
  const home =
    homeBucket === null || homeSequence === null
      ? { bucket: account.bucket, sequence: row.fact_sequence }
      : { bucket: homeBucket, sequence: homeSequence };
  const committedAtMs = Number(row.committed_at_ms);
  return {
    sequence: row.sequence,
    hashVersion: row.hash_version,
    checksum: row.checksum,
    entryId: entryIdOf(home, committedAtMs, row.ordinal),
    transactionId: transactionIdOf(home, committedAtMs),
    accountId: account.account_id,
    type: factKind(row.kind) ?? `unknown kind ${row.kind}`,
    amount: row.amount,
    balanceAfter: row.balance_after,
    metadataJson: row.data,
    timestamp: new Date(committedAtMs).toISOString(),
  };
}
