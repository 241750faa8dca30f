/** Statements of chains that were found wrong. */

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

/** Index verified_chains_faulty: a few lookups in each bucket. */
export const READ_MARKED_CHAINS = {
  name: 'read_marked_chains',
  text: `select marked.bucket, marked.account_id, marked.restart_sequence, marked.restart_balance,
                encode(marked.restart_checksum, 'hex') as restart_checksum
         from balance.heads as head
         cross join lateral (
           select * from ledger.verified_chains
           where bucket = head.bucket and restart_sequence is not null and retried_at_ms <= $1
           order by retried_at_ms limit $2
         ) as marked
         order by marked.retried_at_ms limit $2`,
};

export const POSTPONE_CHAIN = {
  name: 'postpone_chain',
  text: `update ledger.verified_chains
         set restart_sequence = $3, restart_balance = $4, restart_checksum = decode($5, 'hex'), retried_at_ms = $6
         where bucket = $1 and account_id = $2 and restart_sequence is not null`,
};

/** Unless new facts have proved it further, or the row ends before that: then it is proved again with the next try. */
export const CLEAR_CHAIN = {
  name: 'clear_chain',
  text: `update ledger.verified_chains
         set sequence = $3, balance = $4, checksum = decode($5, 'hex'), restart_sequence = null,
             restart_balance = null, restart_checksum = null, retried_at_ms = null
         where bucket = $1 and account_id = $2 and restart_sequence is not null and sequence <= $3`,
};
