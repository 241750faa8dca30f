import { ChainVerifier } from '@steelyard/domain/ledger-chain';
import { entryIdOf, factKind, transactionIdOf, type FactKey } from '@steelyard/domain/posting';
import { inTransaction } from '@steelyard/platform/postgres';
import type { PoolClient } from 'pg';
import { patientPool } from '../../support/patient-pool.js';
import { faultsOfHolds, faultsOfPots } from './holds-audit.js';

/** What the rows of a database say, read as its owner and judged without the services' help. */
export interface BooksAudit {
  /** What is wrong, one line a fault; nothing when all is right. */
  readonly faults: readonly string[];
  /** Transactions and steps of reservations by idempotency key: how many there are under it. */
  readonly effects: ReadonlyMap<string, number>;
  /** Accounts by id; system accounts as the sum over their buckets. */
  readonly balances: ReadonlyMap<string, bigint>;
  readonly entries: number;
}

interface EntryRow {
  bucket: number;
  account_id: string;
  sequence: bigint;
  amount: bigint;
  balance_after: bigint;
  ordinal: number;
  hash_version: number;
  checksum: string;
  kind: number;
  committed_at_ms: bigint;
  data: string;
  home_bucket: number;
  home_sequence: bigint;
  currency: string;
}

interface AccountRow {
  bucket: number;
  account_id: string;
  balance: bigint;
  sequence: bigint;
  checksum: string;
}

const ENTRIES = `
  select entry.bucket, entry.account_id, entry.sequence, entry.amount, entry.balance_after, entry.ordinal,
         entry.hash_version, encode(entry.checksum, 'hex') as checksum, fact.kind, fact.committed_at_ms, fact.data,
         coalesce(fact.home_bucket, fact.bucket) as home_bucket,
         coalesce(fact.home_sequence, fact.sequence) as home_sequence, account.currency
  from ledger.entries as entry
  join balance.facts as fact on fact.bucket = entry.bucket and fact.sequence = entry.fact_sequence
  join balance.accounts as account on account.bucket = entry.bucket and account.account_id = entry.account_id
  order by entry.bucket, entry.account_id, entry.sequence`;
const ACCOUNTS = `
  select bucket, account_id, balance, sequence, encode(checksum, 'hex') as checksum from balance.accounts`;
const ENTRIES_WITHOUT_FACT = `
  select entry.account_id from ledger.entries as entry
  left join balance.facts as fact on fact.bucket = entry.bucket and fact.sequence = entry.fact_sequence
  where fact.sequence is null`;
const BUCKETS_WITH_GAPS = `
  select head.bucket from balance.heads as head left join balance.facts as fact using (bucket)
  group by head.bucket, head.sequence
  having head.sequence <> count(fact.sequence) or head.sequence <> coalesce(max(fact.sequence), 0)`;
// Kinds from 100 on move nothing; of those, steps of reservations are effects too.
const EFFECTS = `
  select idempotency_key as key, count(*)::int as count from balance.facts
  where idempotency_key is not null and home_bucket is null and (kind < 100 or kind between 111 and 119)
  group by idempotency_key`;

/** Audits a database on a connection of its own. */
export async function auditBooks(url: string): Promise<BooksAudit> {
  const pool = patientPool(url, 'books audit', 1);
  try {
    // One snapshot: whatever is still under way shows in all of the answers or in none.
    return await inTransaction(pool, auditOn, { isolation: 'repeatable read', readOnly: true });
  } finally {
    await pool.end();
  }
}

async function auditOn(client: PoolClient): Promise<BooksAudit> {
  const { rows: entries } = await client.query<EntryRow>(ENTRIES);
  const { rows: accounts } = await client.query<AccountRow>(ACCOUNTS);
  const { rows: strays } = await client.query(ENTRIES_WITHOUT_FACT);
  const { rows: gaps } = await client.query<{ bucket: number }>(BUCKETS_WITH_GAPS);
  const { rows: effects } = await client.query<{ key: string; count: number }>(EFFECTS);
  const faults = [
    ...strays.map(() => 'an entry belongs to no fact'),
    ...gaps.map(({ bucket }) => `the facts of bucket ${bucket} have a gap`),
    ...faultsOfSums(entries),
    ...faultsOfChains(entries, accounts),
    ...(await faultsOfHolds(client)),
    ...(await faultsOfPots(client, accounts)),
  ];
  return {
    faults,
    effects: new Map(effects.map(({ key, count }) => [key, count])),
    balances: balancesOf(accounts),
    entries: entries.length,
  };
}

/** Every transaction sums to zero in every currency, and so do all together. */
function faultsOfSums(entries: readonly EntryRow[]): string[] {
  const sums = new Map<string, bigint>();
  for (const { home_bucket: bucket, home_sequence: sequence, currency, amount } of entries) {
    const name = `transaction ${bucket}/${sequence} in ${currency}`;
    sums.set(name, (sums.get(name) ?? 0n) + amount);
  }
  return [...sums].filter(([, sum]) => sum !== 0n).map(([name, sum]) => `${name} sums to ${sum}`);
}

/** Every account's entries are a chain without gaps that ends where the account's row says. */
function faultsOfChains(entries: readonly EntryRow[], accounts: readonly AccountRow[]): string[] {
  const chains = Map.groupBy(entries, (entry) => chainOf(entry));
  const faults: string[] = [];
  for (const account of accounts) {
    const verifier = new ChainVerifier();
    const fault =
      firstFault(verifier, chains.get(chainOf(account)) ?? []) ??
      verifier.endFault({ ...account, checksum: account.checksum === '' ? 'GENESIS' : account.checksum });
    if (fault) faults.push(`${chainOf(account)} at ${fault.sequence}: ${fault.reason}`);
    chains.delete(chainOf(account));
  }
  for (const name of chains.keys()) faults.push(`${name} has entries and no account`);
  return faults;
}

function firstFault(verifier: ChainVerifier, chain: readonly EntryRow[]) {
  for (const row of chain) {
    const home: FactKey = { bucket: row.home_bucket, sequence: row.home_sequence };
    const committedAtMs = Number(row.committed_at_ms);
    const fault = verifier.next({
      entryId: entryIdOf(home, committedAtMs, row.ordinal),
      transactionId: transactionIdOf(home, committedAtMs),
      accountId: row.account_id,
      type: factKind(row.kind) ?? 'unknown',
      amount: row.amount,
      balanceAfter: row.balance_after,
      metadataJson: row.data,
      timestamp: new Date(committedAtMs).toISOString(),
      sequence: row.sequence,
      hashVersion: row.hash_version,
      checksum: row.checksum,
    });
    if (fault) return fault;
  }
  return undefined;
}

function chainOf({ bucket, account_id: accountId }: { bucket: number; account_id: string }): string {
  return `${bucket} ${accountId}`;
}

function balancesOf(accounts: readonly AccountRow[]): Map<string, bigint> {
  const balances = new Map<string, bigint>();
  for (const { account_id: id, balance } of accounts) balances.set(id, (balances.get(id) ?? 0n) + balance);
  return balances;
}
