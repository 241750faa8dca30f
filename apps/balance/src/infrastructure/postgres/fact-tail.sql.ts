/** Reading committed facts. All statements are prepared under their names; all run on indexes that begin with bucket. */

export const READ_FACT_HEADS = {
  name: 'read_fact_heads',
  text: `select head.bucket, head.sequence, deployment.deployment_id::text
         from balance.heads as head cross join balance.deployment as deployment order by head.bucket`,
};

/**
 * Of each bucket of $1 its head, and its facts after the sequence at the same place of $2: at most $3, and no more
 * once they hold $4 bytes. One row a fact, or one row without when there is none. One snapshot: a transaction that
 * writes facts moves the head, and holds it until it commits, so that what lies at or before the head is visible
 * here, all of it, and nothing behind it is. Locks nothing. Index: the primary key.
 */
export const READ_FACT_STRETCHES = {
  name: 'read_fact_stretches',
  text: `select wanted.place::integer, head.sequence as head_sequence, fact.*
         from unnest($1::smallint[], $2::bigint[]) with ordinality as wanted(bucket, after_sequence, place)
         left join balance.heads as head using (bucket)
         left join lateral (
           select sized.sequence, sized.committed_at_ms, sized.home_sequence, sized.kind, sized.home_bucket,
                  sized.leg_buckets, sized.leg_sequences, sized.idempotency_key, sized.data
           from (
             select next.*, sum(octet_length(next.data)) over (order by next.sequence) - octet_length(next.data)
                              as bytes_before
             from (
               select * from balance.facts as stored
               where stored.bucket = wanted.bucket and stored.sequence > wanted.after_sequence
               order by stored.sequence limit $3::integer
             ) as next
           ) as sized
           where sized.bytes_before < $4::bigint
         ) as fact on true
         order by wanted.place, fact.sequence`,
};

/**
 * Of each bucket of $1 the entries that belong to its facts from $2 to $3. Facts never change: a later snapshot than
 * that of the facts shows the same. `offset 0` keeps the planner from joining by account first. Index:
 * entries_by_fact.
 */
export const READ_STRETCH_ENTRIES = {
  name: 'read_stretch_entries',
  text: `select wanted.place::integer, entry.fact_sequence, entry.ordinal, entry.account_id, account.currency,
                entry.amount, entry.balance_after, entry.sequence, encode(entry.checksum, 'hex') as checksum
         from unnest($1::smallint[], $2::bigint[], $3::bigint[]) with ordinality
           as wanted(bucket, first_fact, last_fact, place)
         cross join lateral (
           select * from ledger.entries as stored
           where stored.bucket = wanted.bucket
             and stored.fact_sequence between wanted.first_fact and wanted.last_fact
           offset 0
         ) as entry
         left join balance.accounts as account
           on account.bucket = entry.bucket and account.account_id = entry.account_id
         order by wanted.place, entry.fact_sequence, entry.ordinal`,
};
