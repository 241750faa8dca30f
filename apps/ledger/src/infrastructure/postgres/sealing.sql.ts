/**
 * Statements that seal. The one lock is that of the only row of ledger.sealing; a process that does not get it
 * at once has nothing to do. Facts and entries never change, so they are read outside of that transaction.
 */

export const BEGIN_SEALING = {
  name: 'begin_sealing',
  text: `insert into ledger.sealing (only_row, origin, seals, facts, entries)
         values (true, $1, 0, 0, 0) on conflict do nothing`,
};

/** No row: another process has it. */
export const LOCK_SEALING = {
  name: 'lock_sealing',
  text: `select origin, seals, facts, entries, previous_leaf_hash
         from ledger.sealing for update skip locked`,
};

export const READ_ORIGIN = {
  name: 'read_log_origin',
  text: 'select origin from ledger.sealing',
};

/** Two key lookups a bucket. All facts through a head are visible to whoever sees the head. */
export const READ_POSITIONS = {
  name: 'read_seal_positions',
  text: `select series.bucket, coalesce(head.sequence, 0) as head, coalesce(sealed.through_sequence, 0) as sealed
         from generate_series(0, $1::int - 1) as series(bucket)
         left join balance.heads as head on head.bucket = series.bucket::smallint
         left join lateral (
           select through_sequence from ledger.seal_buckets
           where bucket = series.bucket::smallint order by seal desc limit 1
         ) as sealed on true
         order by series.bucket`,
};

/** The audit trail's tables come with a migration of their own, which may be younger than seals. */
export const HAS_AUDIT_HEADS = {
  name: 'has_audit_heads',
  text: `select to_regclass('ledger.audit_heads') is not null as has`,
};

export const READ_AUDIT_HEADS = {
  name: 'read_audit_heads',
  text: `select bucket, sequence, checksum from ledger.audit_heads`,
};

/** A stretch of the primary key. */
export const READ_SEALED_FACTS = {
  name: 'read_sealed_facts',
  text: `select sequence, kind, committed_at_ms, idempotency_key, data, home_bucket, home_sequence, leg_buckets,
                leg_sequences
         from balance.facts where bucket = $1 and sequence > $2 and sequence <= $3 order by sequence`,
};

/** A stretch of entries_by_fact; the few entries of one fact are sorted. An account that is gone has no currency. */
export const READ_SEALED_ENTRIES = {
  name: 'read_sealed_entries',
  text: `select entry.fact_sequence, entry.ordinal, entry.account_id, entry.sequence,
                encode(entry.checksum, 'hex') as checksum, coalesce((
                  select currency from balance.accounts
                  where bucket = entry.bucket and account_id = entry.account_id limit 1
                ), '') as currency
         from ledger.entries as entry
         where entry.bucket = $1 and entry.fact_sequence > $2 and entry.fact_sequence <= $3
         order by entry.fact_sequence, entry.ordinal`,
};

export const INSERT_SEAL_BUCKET = {
  name: 'insert_seal_bucket',
  text: `insert into ledger.seal_buckets (bucket, seal, after_sequence, through_sequence, facts, entries,
                                          audit_sequence, audit_checksum, root_hash, leaf, leaf_marks)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
};

export const INSERT_NODES = {
  name: 'insert_seal_nodes',
  text: `insert into ledger.seal_nodes (level, index, hash)
         select level, index, hash
         from unnest($1::smallint[], $2::bigint[], $3::bytea[]) as node(level, index, hash)`,
};

export const INSERT_SEAL = {
  name: 'insert_seal',
  text: `insert into ledger.seals (seal, sealed_at_ms, facts, entries, total_facts, total_entries, leaf, leaf_hash,
                                   root_hash, note)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
};

export const SAVE_SIGNING_KEY = {
  name: 'save_signing_key',
  text: `insert into ledger.signing_keys (verifier_key, name, public_key_pem, first_tree_size, last_tree_size)
         values ($1, $2, $3, $4, $4)
         on conflict (verifier_key) do update set last_tree_size = excluded.last_tree_size`,
};

export const SAVE_SEALING = {
  name: 'save_sealing',
  text: `update ledger.sealing
         set seals = $1, facts = $2, entries = $3, previous_leaf_hash = $4`,
};

/** By primary key. */
export const FIND_SEALED_AT = {
  name: 'find_sealed_at',
  text: 'select sealed_at_ms from ledger.seals where seal = $1',
};
