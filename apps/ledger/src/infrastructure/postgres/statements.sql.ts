/** Statements on a stretch of one chain: $1 the account, $2 its bucket, $3 and $4 the stretch. Primary keys. */

/** At most $5 entries after $3, oldest first, with the checksum that each goes on from. */
export const OLDEST_ENTRIES = {
  name: 'oldest_entries',
  text: `select entry.bucket, entry.sequence, entry.amount, entry.balance_after, entry.ordinal,
                entry.hash_version, encode(entry.checksum, 'hex') as checksum, fact.sequence as fact_sequence,
                fact.committed_at_ms, fact.kind, fact.home_bucket, fact.home_sequence, fact.data,
                encode(previous.checksum, 'hex') as previous_checksum
         from ledger.entries as entry
         left join lateral (
           select * from balance.facts where bucket = entry.bucket and sequence = entry.fact_sequence limit 1
         ) as fact on true
         left join lateral (
           select checksum from ledger.entries
           where bucket = entry.bucket and account_id = $1 and sequence = entry.sequence - 1 limit 1
         ) as previous on true
         where entry.bucket = $2 and entry.account_id = $1 and entry.sequence > $3 and entry.sequence <= $4
         order by entry.sequence limit $5`,
};

export const FIND_BOUNDARIES = {
  name: 'find_boundaries',
  text: `select sequence, balance_after, encode(checksum, 'hex') as checksum from ledger.entries
         where bucket = $2 and account_id = $1 and sequence in ($3, $4)`,
};

export const SUM_OF_CREDITS = {
  name: 'sum_of_credits',
  text: `select coalesce(sum(amount) filter (where amount > 0), 0)::text as credits from ledger.entries
         where bucket = $2 and account_id = $1 and sequence > $3 and sequence <= $4`,
};

/**
 * The fact and place of the newest sealed entry of a stretch: facts grow along a chain, so that everything up to
 * the bucket's last sealed fact is sealed. Two key lookups a step of the search.
 */
export const FIND_NEWEST_SEALED = {
  name: 'find_newest_sealed',
  text: `with recursive sealed as materialized (
           select coalesce((
             select through_sequence from ledger.seal_buckets
             where bucket = $2 order by through_sequence desc limit 1
           ), 0) as through
         ), search(low, high) as (
           select $3::bigint, $4::bigint
           union all
           select case when probe.is_sealed then middle.sequence else search.low end,
                  case when probe.is_sealed then search.high else middle.sequence - 1 end
           from search
           cross join lateral (select search.low + (search.high - search.low + 1) / 2 as sequence) as middle
           cross join lateral (
             select coalesce((
               select fact_sequence <= (select through from sealed) from ledger.entries
               where bucket = $2 and account_id = $1 and sequence = middle.sequence limit 1
             ), false) as is_sealed offset 0
           ) as probe
           where search.low < search.high
         )
         select entry.ordinal, fact.*
         from search
         join lateral (
           select bucket, fact_sequence, ordinal from ledger.entries
           where bucket = $2 and account_id = $1 and sequence = search.low limit 1
         ) as entry on true
         cross join lateral (
           select bucket, sequence as fact_sequence, kind, committed_at_ms, home_bucket, home_sequence, data
           from balance.facts where bucket = entry.bucket and sequence = entry.fact_sequence limit 1
         ) as fact
         where search.low >= search.high and search.low > $3::bigint`,
};
