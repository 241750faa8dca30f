/** Statements of the rotation over the ends of accounts, and of chains that were found wrong. */

/** A small table, a row a bucket. */
export const FIND_BUCKETS_DUE = {
  name: 'find_buckets_due',
  text: `select bucket from ledger.verified_buckets
         where rotation_started_at_ms is not null or rotation_due_at_ms <= $1 order by bucket`,
};

/** The same row that the verification of new facts locks. No row: another process has it. */
export const LOCK_ROTATION = {
  name: 'lock_rotation',
  text: `select rotation_started_at_ms, rotation_due_at_ms, rotation_account_id from ledger.verified_buckets
         where bucket = $1 for update skip locked`,
};

export const SAVE_ROTATION = {
  name: 'save_rotation',
  text: `update ledger.verified_buckets
         set rotation_started_at_ms = $2, rotation_due_at_ms = $3, rotation_account_id = $4 where bucket = $1`,
};

/** In key order. A chain without a proven end begins to have one: the beginning. */
export const MARK_CHAINS = {
  name: 'mark_chains',
  text: `insert into ledger.verified_chains as chain
           (bucket, account_id, sequence, balance, checksum, restart_sequence, restart_balance, restart_checksum,
            retried_at_ms)
         select bucket, account_id, 0, 0, '', sequence, balance, decode(checksum, 'hex'), $1
         from (
           select distinct on (bucket, account_id) *
           from unnest($2::smallint[], $3::text[], $4::bigint[], $5::bigint[], $6::text[])
             as found(bucket, account_id, sequence, balance, checksum)
           order by bucket, account_id
         ) as marked
         on conflict (bucket, account_id) do update
           set restart_sequence = excluded.restart_sequence, restart_balance = excluded.restart_balance,
               restart_checksum = excluded.restart_checksum, retried_at_ms = excluded.retried_at_ms
           where chain.restart_sequence is null`,
};

/** Index verified_chains_faulty. */
export const READ_MARKED_CHAINS = {
  name: 'read_marked_chains',
  text: `select bucket, account_id, restart_sequence, restart_balance,
                encode(restart_checksum, 'hex') as restart_checksum
         from ledger.verified_chains where bucket = $1 and restart_sequence is not null
         order by retried_at_ms limit $2`,
};

export const POSTPONE_CHAIN = {
  name: 'postpone_chain',
  text: `update ledger.verified_chains
         set restart_sequence = $3, restart_balance = $4, restart_checksum = decode($5, 'hex'), retried_at_ms = $6
         where bucket = $1 and account_id = $2 and restart_sequence is not null`,
};

export const CLEAR_CHAIN = {
  name: 'clear_chain',
  text: `update ledger.verified_chains
         set sequence = $3, balance = $4, checksum = decode($5, 'hex'), restart_sequence = null,
             restart_balance = null, restart_checksum = null, retried_at_ms = null
         where bucket = $1 and account_id = $2 and restart_sequence is not null`,
};
