import { ChainVerifier, type StoredEntry } from '@steelyard/domain/ledger-chain';
import { entryIdOf, factKind, transactionIdOf } from '@steelyard/domain/posting';
import { Client } from 'pg';

const PAGE_ENTRIES = 20_000;
const CONNECT_TIMEOUT_MS = 60_000;

/** One account as its row says it, and its chain as its entries prove it. */
export interface StoredAccount {
  readonly bucket: number;
  readonly accountId: string;
  readonly currency: string;
  readonly balance: bigint;
  readonly held: bigint;
  readonly version: bigint;
  readonly sequence: bigint;
  /** Why the chain does not agree with itself or with the row; undefined when it does. */
  readonly fault: string | undefined;
}

interface AccountRow {
  bucket: number;
  account_id: string;
  currency: string;
  balance: string;
  held: string;
  version: string;
  sequence: string;
  checksum: string;
}

interface EntryRow {
  bucket: number;
  account_id: string;
  sequence: string;
  amount: string;
  balance_after: string;
  fact_sequence: string;
  ordinal: number;
  hash_version: number;
  checksum: string;
  kind: number;
  committed_at_ms: string;
  home_bucket: number | null;
  home_sequence: string | null;
  data: string;
}

const ACCOUNTS = `
select bucket, account_id, currency, balance, held, version, sequence, encode(checksum, 'hex') as checksum
from balance.accounts`;

// Pages along the primary key.
const ENTRIES = `
select e.bucket, e.account_id, e.sequence, e.amount, e.balance_after, e.fact_sequence, e.ordinal, e.hash_version,
  encode(e.checksum, 'hex') as checksum, f.kind, f.committed_at_ms, f.home_bucket, f.home_sequence, f.data
from ledger.entries e join balance.facts f on f.bucket = e.bucket and f.sequence = e.fact_sequence
where (e.bucket, e.account_id, e.sequence) > ($1, $2, $3)
order by e.bucket, e.account_id, e.sequence
limit $4`;

/** Every account of the database, its chain recomputed from the rows as they are stored. */
export async function storedAccounts(databaseUrl: string): Promise<StoredAccount[]> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await client.connect();
  try {
    const { rows } = await client.query<AccountRow>(ACCOUNTS);
    const chains = await recomputeChains(client);
    return rows.map((row) => storedAccountOf(row, chains.get(`${row.bucket} ${row.account_id}`)));
  } finally {
    await client.end();
  }
}

interface Chain {
  readonly verifier: ChainVerifier;
  fault: string | undefined;
}

async function recomputeChains(client: Client): Promise<Map<string, Chain>> {
  const chains = new Map<string, Chain>();
  let after: readonly [number, string, string] = [-1, '', '0'];
  for (;;) {
    const { rows } = await client.query<EntryRow>(ENTRIES, [...after, PAGE_ENTRIES]);
    for (const row of rows) {
      const key = `${row.bucket} ${row.account_id}`;
      const chain = chains.get(key) ?? { verifier: new ChainVerifier(), fault: undefined };
      chains.set(key, chain);
      chain.fault ??= reasonOf(chain.verifier.next(entryOf(row)));
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE_ENTRIES) return chains;
    after = [last.bucket, last.account_id, last.sequence];
  }
}

function entryOf(row: EntryRow): StoredEntry {
  const committedAtMs = Number(row.committed_at_ms);
  const home = {
    bucket: row.home_bucket ?? row.bucket,
    sequence: BigInt(row.home_sequence ?? row.fact_sequence),
  };
  return {
    entryId: entryIdOf(home, committedAtMs, row.ordinal),
    transactionId: transactionIdOf(home, committedAtMs),
    accountId: row.account_id,
    type: factKind(row.kind) ?? `unknown ${row.kind}`,
    amount: BigInt(row.amount),
    balanceAfter: BigInt(row.balance_after),
    metadataJson: row.data,
    timestamp: new Date(committedAtMs).toISOString(),
    sequence: BigInt(row.sequence),
    hashVersion: row.hash_version,
    checksum: row.checksum,
  };
}

function storedAccountOf(row: AccountRow, chain: Chain | undefined): StoredAccount {
  const balance = BigInt(row.balance);
  const sequence = BigInt(row.sequence);
  const verifier = chain?.verifier ?? new ChainVerifier();
  // Before the first entry the row has no checksum.
  const checksum = row.checksum === '' ? 'GENESIS' : row.checksum;
  const fault = chain?.fault ?? reasonOf(verifier.endFault({ sequence, balance, checksum }));
  const { bucket, account_id: accountId, currency } = row;
  const [held, version] = [BigInt(row.held), BigInt(row.version)];
  return { bucket, accountId, currency, balance, held, version, sequence, fault };
}

function reasonOf(fault: { sequence: bigint; reason: string } | undefined): string | undefined {
  return fault && `entry ${fault.sequence}: ${fault.reason}`;
}
