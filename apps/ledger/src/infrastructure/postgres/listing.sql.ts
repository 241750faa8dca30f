import { ENTRIES_PER_TRANSACTION_MAX } from '@steelyard/domain/posting';

/**
 * Statements that read pages of an account's entries and transactions. $1 is the account; $2, $3 and $4 are
 * the windows: bucket, lowest and highest sequence. All run on primary keys and entries_by_fact, and lock
 * nothing; laterals with a limit keep the plan to key lookups.
 */

/** From each window at most a page, then the newest page of all of them. */
export const NEWEST_ENTRIES = {
  name: 'newest_entries',
  text: `with newest as (
           select candidate.*
           from unnest($2::smallint[], $3::bigint[], $4::bigint[]) as chain(bucket, low, high)
           cross join lateral (
             select entry.bucket, entry.sequence, entry.amount, entry.balance_after, entry.ordinal,
                    entry.hash_version, entry.checksum, fact.sequence as fact_sequence, fact.committed_at_ms,
                    fact.kind, fact.home_bucket, fact.home_sequence, fact.data
             from ledger.entries as entry
             left join lateral (
               select * from balance.facts
               where bucket = entry.bucket and sequence = entry.fact_sequence limit 1
             ) as fact on true
             where entry.bucket = chain.bucket and entry.account_id = $1
               and entry.sequence between chain.low and chain.high
             order by entry.sequence desc limit $5
           ) as candidate
           order by candidate.committed_at_ms desc, candidate.bucket desc, candidate.sequence desc
           limit $5
         )
         select newest.bucket, newest.sequence, newest.amount, newest.balance_after, newest.ordinal,
                newest.hash_version, encode(newest.checksum, 'hex') as checksum, newest.fact_sequence,
                newest.committed_at_ms, newest.kind, newest.home_bucket, newest.home_sequence, newest.data,
                encode(previous.checksum, 'hex') as previous_checksum
         from newest
         left join lateral (
           select checksum from ledger.entries
           where bucket = newest.bucket and account_id = $1 and sequence = newest.sequence - 1 limit 1
         ) as previous on true
         order by newest.committed_at_ms desc, newest.bucket desc, newest.sequence desc`,
};

/** $5 is the number of a type or null, $6 how many to skip, $7 how many to return after them. */
export const NEWEST_TRANSACTIONS = {
  name: 'newest_transactions',
  text: `select candidate.bucket, candidate.sequence, candidate.committed_at_ms,
                candidate.home_bucket, candidate.home_sequence
         from unnest($2::smallint[], $3::bigint[], $4::bigint[]) as chain(bucket, low, high)
         cross join lateral (
           select entry.bucket, entry.sequence, fact.committed_at_ms,
                  coalesce(fact.home_bucket, entry.bucket) as home_bucket,
                  coalesce(fact.home_sequence, entry.fact_sequence) as home_sequence
           from ledger.entries as entry
           left join lateral (
             select committed_at_ms, kind, home_bucket, home_sequence from balance.facts
             where bucket = entry.bucket and sequence = entry.fact_sequence limit 1
           ) as fact on true
           where entry.bucket = chain.bucket and entry.account_id = $1
             and entry.sequence between chain.low and chain.high
             and ($5::smallint is null or fact.kind = $5)
           order by entry.sequence desc limit $6::bigint + $7::bigint
         ) as candidate
         order by candidate.committed_at_ms desc, candidate.bucket desc, candidate.sequence desc
         offset $6 limit $7`,
};

/** Reads every entry of the windows: the statement timeout bounds it. */
export const COUNT_OF_TYPE = {
  name: 'count_of_type',
  text: `select count(*) as count
         from unnest($2::smallint[], $3::bigint[], $4::bigint[]) as chain(bucket, low, high)
         join ledger.entries as entry
           on entry.bucket = chain.bucket and entry.account_id = $1
          and entry.sequence between chain.low and chain.high
         join balance.facts as fact on fact.bucket = entry.bucket and fact.sequence = entry.fact_sequence
         where fact.kind = $5`,
};

/** Whole transactions by their home keys $1, $2: the entries at home and those in other buckets. */
export const FIND_TRANSACTIONS = {
  name: 'find_transactions',
  text: `select home.place::int as place, fact.kind, fact.committed_at_ms, fact.idempotency_key, fact.data,
                entry.account_id, entry.currency, entry.amount, entry.balance_after, entry.sequence,
                entry.ordinal
         from unnest($1::smallint[], $2::bigint[]) with ordinality as home(bucket, sequence, place)
         cross join lateral (
           select * from balance.facts
           where bucket = home.bucket and sequence = home.sequence and home_bucket is null limit 1
         ) as fact
         cross join lateral (
           select home.bucket, home.sequence
           union all
           select leg.bucket, leg.sequence from unnest(fact.leg_buckets, fact.leg_sequences) as leg(bucket, sequence)
         ) as part
         cross join lateral (
           select row.account_id, row.amount, row.balance_after, row.sequence, row.ordinal, (
                    select currency from balance.accounts
                    where bucket = part.bucket and account_id = row.account_id limit 1
                  ) as currency
           from ledger.entries as row
           where row.bucket = part.bucket and row.fact_sequence = part.sequence
           limit ${ENTRIES_PER_TRANSACTION_MAX}
         ) as entry
         order by home.place, entry.ordinal`,
};
