import { Client } from 'pg';
import type { Figure } from '../results.types.js';

/** Bytes on disk by table, its indexes and overflow included. */
export type StoredBytes = Readonly<Record<string, number>>;

const CONNECT_TIMEOUT_MS = 10_000;
// Partitioned tables would be counted by their parts.
const TABLE_SIZES = `
  select class.oid::regclass::text as name, pg_total_relation_size(class.oid)::text as bytes
  from pg_class as class join pg_namespace as schema on schema.oid = class.relnamespace
  where schema.nspname in ('balance', 'ledger') and class.relkind = 'r' order by 1`;

/** What the books of a database take, all tables and indexes of both schemas. */
export function storedBytes(url: string): Promise<StoredBytes> {
  return connected(url, async (client) => {
    const { rows } = await client.query<{ name: string; bytes: string }>(TABLE_SIZES);
    return Object.fromEntries(rows.map(({ name, bytes }) => [name, Number(bytes)]));
  });
}

/**
 * Does at once what the server does in the background after much was written: what took years in life must not have
 * its aftermath in the seconds that are measured.
 */
export function settle(url: string): Promise<void> {
  return connected(url, async (client) => {
    await client.query('vacuum (analyze)');
    await client.query('checkpoint');
  });
}

async function connected<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export interface Filling {
  readonly before: StoredBytes;
  readonly after: StoredBytes;
  readonly transactions: number;
}

/** What a transaction of two entries takes for good, in all and by table; `walBytes` is the log of changes. */
export function storageFigures(filling: Filling, walBytes: number): Figure[] {
  const perTable = bytesEach(filling).filter(({ value }) => value >= 1);
  const unit = 'bytes';
  return [
    {
      id: 'storage',
      title: 'stored for a transaction of two entries, indexes included',
      value: total(filling),
      unit,
    },
    ...perTable.map(({ name, value }) => ({
      id: `storage-${name}`,
      title: `of that, ${name} and its indexes`,
      value,
      unit,
    })),
    {
      id: 'wal',
      title: 'log of changes for a transaction, batches of 1,000',
      value: walBytes / filling.transactions,
      unit,
    },
  ];
}

/** The same of transactions that carry neither reason nor metadata. */
export function bareStorageFigure(filling: Filling): Figure {
  const title = 'stored for a transaction without reason and metadata';
  return { id: 'storage-bare', title, value: total(filling), unit: 'bytes' };
}

function total(filling: Filling): number {
  return bytesEach(filling).reduce((sum, { value }) => sum + value, 0);
}

function bytesEach({ before, after, transactions }: Filling): { name: string; value: number }[] {
  return Object.entries(after).map(([name, bytes]) => ({
    name,
    value: (bytes - (before[name] ?? 0)) / transactions,
  }));
}
