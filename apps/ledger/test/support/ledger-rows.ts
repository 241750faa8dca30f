import type { ClientBase } from 'pg';

/** Rows as jsonb_populate_recordset reads them: int8 as texts of digits, bytea as \x and hex. */
export interface AccountRow {
  readonly bucket: number;
  readonly account_id: string;
  readonly currency: string;
  balance: string;
  sequence: string;
  checksum: string;
  readonly created_at_ms: number;
  updated_at_ms: number;
}

export interface HeadRow {
  readonly bucket: number;
  readonly sequence: string;
  readonly committed_at_ms: number;
}

export interface FactRow {
  readonly bucket: number;
  readonly sequence: string;
  readonly committed_at_ms: number;
  readonly home_bucket: number | null;
  readonly home_sequence: string | null;
  readonly kind: number;
  readonly leg_buckets: readonly number[] | null;
  readonly leg_sequences: readonly string[] | null;
  readonly idempotency_key: string | null;
  readonly data: string;
}

export interface EntryRow {
  readonly sequence: string;
  readonly amount: string;
  readonly balance_after: string;
  readonly fact_sequence: string;
  readonly bucket: number;
  readonly ordinal: number;
  readonly hash_version: number;
  readonly account_id: string;
  readonly checksum: string;
}

export interface LedgerRows {
  readonly accounts: readonly AccountRow[];
  readonly heads: readonly HeadRow[];
  readonly facts: readonly FactRow[];
  readonly entries: readonly EntryRow[];
}

const WRITE_HEADS = `
  insert into balance.heads select * from jsonb_populate_recordset(null::balance.heads, $1::jsonb)
  on conflict (bucket) do update set sequence = excluded.sequence, committed_at_ms = excluded.committed_at_ms`;

const WRITE_FACTS = `insert into balance.facts select * from jsonb_populate_recordset(null::balance.facts, $1::jsonb)`;

const WRITE_ENTRIES = `
  insert into ledger.entries select * from jsonb_populate_recordset(null::ledger.entries, $1::jsonb)`;

const WRITE_ACCOUNTS = `
  insert into balance.accounts (balance, held, version, sequence, minimum_hold, created_at_ms, updated_at_ms, bucket,
    status, account_id, currency, checksum, metadata)
  select balance, 0, 1, sequence, 0, created_at_ms, updated_at_ms, bucket, 1, account_id, currency, checksum, '{}'
  from jsonb_populate_recordset(null::balance.accounts, $1::jsonb)
  on conflict (bucket, account_id) do update
    set balance = excluded.balance, sequence = excluded.sequence, checksum = excluded.checksum,
        updated_at_ms = excluded.updated_at_ms, version = balance.accounts.version + 1`;

/** Rows a statement: some megabytes of JSON. */
const ROWS_PER_STATEMENT = 10_000;

/** Writes all of it in one transaction, as the balance app does. */
export async function writeRows(client: ClientBase, rows: LedgerRows): Promise<void> {
  await client.query('begin');
  await write(client, WRITE_HEADS, rows.heads);
  await write(client, WRITE_ACCOUNTS, rows.accounts);
  await write(client, WRITE_FACTS, rows.facts);
  await write(client, WRITE_ENTRIES, rows.entries);
  await client.query('commit');
}

async function write(client: ClientBase, statement: string, rows: readonly object[]): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT) {
    await client.query(statement, [JSON.stringify(rows.slice(from, from + ROWS_PER_STATEMENT))]);
  }
}
