import { checksumOf, GENESIS } from '@steelyard/domain/ledger-chain';
import { entryIdOf, factKind, transactionIdOf } from '@steelyard/domain/posting';
import { inTransaction, type Pool } from '@steelyard/platform/postgres';
import { eventually } from '@steelyard/testing/wait';
import type { PoolClient } from 'pg';
import { patientPool } from '../../support/patient-pool.js';

/** Shorter than the database waits before it looks for a deadlock, in milliseconds. */
const LOCK_TIMEOUT_MS = 250;
/** What the platform wrote, and what its own records say that it sealed and verified. */
const BOOKS = ['balance.accounts', 'balance.facts', 'balance.heads', 'ledger.entries'];
const RECORDS = [
  'ledger.sealing',
  'ledger.seals',
  'ledger.seal_buckets',
  'ledger.seal_nodes',
  'ledger.seal_verification',
  'ledger.checkpoint_publications',
  'ledger.verified_buckets',
  'ledger.verified_chains',
  'ledger.verification_walk',
];

interface EntryRow {
  readonly sequence: bigint;
  readonly amount: bigint;
  readonly balance_after: bigint;
  readonly ordinal: number;
  readonly kind: number;
  readonly committed_at_ms: bigint;
  readonly data: string;
  readonly home_bucket: number;
  readonly home_sequence: bigint;
}

const ENTRIES_OF = `
  select entry.sequence, entry.amount, entry.balance_after, entry.ordinal, fact.kind, fact.committed_at_ms, fact.data,
         coalesce(fact.home_bucket, fact.bucket) as home_bucket,
         coalesce(fact.home_sequence, fact.sequence) as home_sequence
  from ledger.entries as entry
  join balance.facts as fact on fact.bucket = entry.bucket and fact.sequence = entry.fact_sequence
  where entry.bucket = $1 and entry.account_id = $2 order by entry.sequence`;

/** Somebody with the database's own password, who may do everything and undoes it afterwards. */
export class LedgerVandal {
  private constructor(private readonly pool: Pool) {}

  static open(url: string): LedgerVandal {
    return new LedgerVandal(patientPool(url, 'vandal', 2));
  }

  end(): Promise<void> {
    return this.pool.end();
  }

  async run(sql: string): Promise<void> {
    await this.pool.query(sql);
  }

  /** Remembers the books, or all of it, under a name. */
  async backUp(name: string, what: 'books' | 'everything'): Promise<void> {
    await this.pool.query(`create schema ${name}`);
    for (const table of tablesOf(what))
      await this.pool.query(`create table ${copyOf(name, table)} as table ${table}`);
  }

  /** Puts back what was remembered, at one stroke. */
  restore(name: string, what: 'books' | 'everything'): Promise<void> {
    // Whoever reads or writes some of the tables goes first, however often: nobody may wait for the other forever.
    return eventually(() => inTransaction(this.pool, (client) => putBack(client, name, what)));
  }

  /** Changes the books and gives every chain right checksums again, and the accounts too; at one stroke. */
  async rewrite(sql: string): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      await client.query(sql);
      const { rows } = await client.query<{ bucket: number; account_id: string }>(
        'select distinct bucket, account_id from ledger.entries',
      );
      for (const { bucket, account_id: accountId } of rows) await rehashChain(client, bucket, accountId);
    });
  }
}

async function putBack(client: PoolClient, name: string, what: 'books' | 'everything'): Promise<void> {
  await client.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
  await client.query(`lock table ${tablesOf(what).join(', ')} in access exclusive mode`);
  for (const table of tablesOf(what)) {
    await client.query(`truncate ${table}`);
    await client.query(`insert into ${table} select * from ${copyOf(name, table)}`);
  }
}

async function rehashChain(client: PoolClient, bucket: number, accountId: string): Promise<void> {
  const { rows } = await client.query<EntryRow>(ENTRIES_OF, [bucket, accountId]);
  let previousChecksum = GENESIS;
  for (const row of rows) {
    const home = { bucket: row.home_bucket, sequence: row.home_sequence };
    const committedAtMs = Number(row.committed_at_ms);
    previousChecksum = checksumOf({
      entryId: entryIdOf(home, committedAtMs, row.ordinal),
      transactionId: transactionIdOf(home, committedAtMs),
      accountId,
      type: factKind(row.kind) ?? '',
      amount: row.amount,
      balanceBefore: row.balance_after - row.amount,
      balanceAfter: row.balance_after,
      metadataJson: row.data,
      timestamp: new Date(committedAtMs).toISOString(),
      previousChecksum,
    });
    await client.query(
      `update ledger.entries set checksum = decode($4, 'hex') where (bucket, account_id, sequence) = ($1, $2, $3)`,
      [bucket, accountId, row.sequence, previousChecksum],
    );
  }
  await client.query(
    `update balance.accounts set checksum = decode($3, 'hex') where bucket = $1 and account_id = $2`,
    [bucket, accountId, previousChecksum],
  );
}

function tablesOf(what: 'books' | 'everything'): readonly string[] {
  return what === 'books' ? BOOKS : [...BOOKS, ...RECORDS];
}

function copyOf(name: string, table: string): string {
  return `${name}.${table.replace('.', '_')}`;
}
