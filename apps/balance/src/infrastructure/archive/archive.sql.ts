import type { ArchiveColumn, ArchiveTable } from '../../application/archive/archive-tables.js';

/** Statements of export and import. Names of tables and columns are constants of the archive's form. */

const ARRAY_TYPES: Readonly<Record<ArchiveColumn['type'], string>> = {
  integer: 'bigint[]',
  text: 'text[]',
  hex: 'text[]',
  uuid: 'uuid[]',
};

/** Before every key: the least values of the types that keys have. */
const LEAST: Readonly<Record<ArchiveColumn['type'], string>> = {
  integer: '-1',
  text: '',
  hex: '',
  uuid: '00000000-0000-0000-0000-000000000000',
};

export const READ_DEPLOYMENT = `
  select buckets, default_currency, (extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms
  from balance.deployment`;

export const READ_HEADS = `select bucket, sequence, committed_at_ms from balance.heads order by bucket`;

/** Entries are counted by the ends of their chains: they are the most. */
export const COUNT_ROWS = `
  select (select count(*) from balance.accounts) as accounts,
         (select coalesce(sum(sequence), 0)::bigint from balance.accounts) as entries,
         (select coalesce(sum(sequence), 0)::bigint from balance.heads) as facts,
         (select count(*) from balance.reservations) as reservations,
         (select count(*) from balance.pots) as pots,
         (select count(*) from balance.reversals) as reversals,
         (select count(*) from balance.idempotency where expires_at_ms > $1) as keys`;

/** Facts $2 to $3 of a bucket, by primary key; ends of other buckets as texts of numbers. */
export const READ_FACTS = {
  name: 'archive_facts',
  text: `select sequence, committed_at_ms, kind, home_bucket, home_sequence, leg_buckets,
                leg_sequences::text[] as leg_sequences, idempotency_key, data
         from balance.facts where bucket = $1 and sequence > $2 and sequence <= $3 order by sequence`,
};

/** The entries of the same facts, by entries_by_fact. */
export const READ_FACT_ENTRIES = {
  name: 'archive_entries',
  text: `select fact_sequence, account_id, sequence, amount, balance_after, ordinal, hash_version,
                encode(checksum, 'hex') as checksum
         from ledger.entries where bucket = $1 and fact_sequence > $2 and fact_sequence <= $3
         order by fact_sequence, ordinal`,
};

/** The rows after a key, in key order, so many; of a table whose rows expire those that live at a time. */
export function readRows(table: ArchiveTable): { readonly name: string; readonly text: string } {
  const keys = keysOf(table).map(({ column }) => column);
  const after = keysOf(table).map(({ type }, index) => `$${index + 1}::${ARRAY_TYPES[type].slice(0, -2)}`);
  const living = table.skipsExpired === true ? `and expires_at_ms > $${keys.length + 2}::bigint` : '';
  return {
    name: `archive_${table.plural}`,
    text: `select ${table.columns.map(selected).join(', ')} from ${table.table}
           where (${keys.join(', ')}) > (${after.join(', ')})
             ${living}
           order by ${keys.join(', ')} limit $${keys.length + 1}::int`,
  };
}

/** What {@link readRows} begins after. */
export function leastKey(table: ArchiveTable): string[] {
  return keysOf(table).map(({ type }) => LEAST[type]);
}

/** One parameter a column: an array. */
export function insertRows(table: ArchiveTable): { readonly name: string; readonly text: string } {
  const columns = table.columns.map(({ column }) => column);
  const values = table.columns.map(({ column, type }) =>
    type === 'hex' ? `decode(${column}, 'hex')` : column,
  );
  const arrays = table.columns.map(({ type }, index) => `$${index + 1}::${ARRAY_TYPES[type]}`);
  return {
    name: `import_${table.plural}`,
    text: `insert into ${table.table} (${columns.join(', ')})
           select ${values.join(', ')} from unnest(${arrays.join(', ')}) as given(${columns.join(', ')})`,
  };
}

function keysOf(table: ArchiveTable): readonly ArchiveColumn[] {
  return table.columns.slice(0, table.keyLength);
}

function selected({ column, type }: ArchiveColumn): string {
  if (type === 'hex') return `encode(${column}, 'hex') as ${column}`;
  return type === 'uuid' ? `${column}::text as ${column}` : column;
}

/** Posting takes row locks in the heads; reading them goes on. */
export const KEEP_OTHERS_OUT = 'lock table balance.heads in exclusive mode';

/** What this transaction writes has no statistics yet. */
export const PLAN_BY_INDEX = `
  set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off`;

/** The first kind of row that there is, or null. */
export const FIND_ANYTHING = `
  select case
           when exists (select from balance.accounts) then 'accounts'
           when exists (select from balance.facts) or exists (select from balance.heads where sequence > 0) then 'facts'
           when exists (select from ledger.entries) then 'entries'
           when exists (select from balance.reservations) then 'reservations'
           when exists (select from balance.pots) then 'pots'
           when exists (select from balance.idempotency) then 'idempotency keys'
         end as found`;

export const INSERT_FACTS = {
  name: 'import_facts',
  text: `insert into balance.facts (bucket, sequence, kind, committed_at_ms, home_bucket, home_sequence,
                                    leg_buckets, leg_sequences, idempotency_key, data)
         select bucket, sequence, kind, committed_at_ms, home_bucket, home_sequence, leg_buckets::smallint[],
                leg_sequences::bigint[], idempotency_key, data
         from unnest($1::smallint[], $2::bigint[], $3::smallint[], $4::bigint[], $5::smallint[], $6::bigint[],
                     $7::text[], $8::text[], $9::text[], $10::text[])
           as given(bucket, sequence, kind, committed_at_ms, home_bucket, home_sequence, leg_buckets,
                    leg_sequences, idempotency_key, data)`,
};

export const INSERT_ENTRIES = {
  name: 'import_entries',
  text: `insert into ledger.entries (bucket, account_id, sequence, amount, balance_after, fact_sequence, ordinal,
                                     hash_version, checksum)
         select * from unnest($1::smallint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
                              $7::smallint[], $8::smallint[], $9::bytea[])`,
};

export const READ_ACCOUNT_ENDS = {
  name: 'import_account_ends',
  text: `select account_id, sequence, balance, encode(checksum, 'hex') as checksum from balance.accounts
         where bucket = $1 and account_id > $2 order by account_id limit $3`,
};

/** Which process moved a head last means nothing here: nobody remembers it. */
export const MOVE_HEADS = `
  update balance.heads as head
  set sequence = moved.sequence, committed_at_ms = moved.committed_at_ms, write_id = null
  from unnest($1::smallint[], $2::bigint[], $3::bigint[]) as moved(bucket, sequence, committed_at_ms)
  where head.bucket = moved.bucket`;

export const ANALYZE = `
  analyze balance.accounts, balance.facts, ledger.entries, balance.reservations, balance.pots,
          balance.reversals, balance.idempotency`;
