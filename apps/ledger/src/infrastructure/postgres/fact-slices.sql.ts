import { ENTRIES_PER_TRANSACTION_MAX } from '@steelyard/domain/posting';

/**
 * Statements that read facts and entries in the order in which they were written. They lock nothing, and what they
 * read never changes.
 */

/** Two key lookups. Both 0 when there is nothing. */
export const READ_FACT_ENDS = {
  name: 'read_fact_ends',
  text: `select coalesce((select sequence from balance.heads where bucket = $1), 0) as head,
                coalesce((select max(sequence) from balance.facts where bucket = $1), 0) as last_fact`,
};

/** A stretch of the primary key. Facts of no transaction come without their data: it is under no entry. */
export const READ_SLICE_FACTS = {
  name: 'read_slice_facts',
  text: `select sequence, kind, committed_at_ms, home_bucket, home_sequence, leg_buckets, leg_sequences,
                case when kind <= $4 then data else '' end as data
         from balance.facts where bucket = $1 and sequence > $2 and sequence <= $3`,
};

/** A stretch of entries_by_fact; the few entries of one fact are sorted. */
export const READ_SLICE_ENTRIES = {
  name: 'read_slice_entries',
  text: `select account_id, sequence, amount, balance_after, fact_sequence, ordinal, hash_version,
                encode(checksum, 'hex') as checksum
         from ledger.entries where bucket = $1 and fact_sequence > $2 and fact_sequence <= $3
         order by fact_sequence, ordinal`,
};

/** Three key lookups a place. */
export const READ_CHAIN_LINKS = {
  name: 'read_chain_links',
  text: `select wanted.account_id, account.currency, previous.sequence, previous.balance_after as balance,
                encode(previous.checksum, 'hex') as checksum, proven.sequence as proven_sequence,
                proven.balance as proven_balance, encode(proven.checksum, 'hex') as proven_checksum
         from unnest($2::text[], $3::bigint[]) as wanted(account_id, sequence)
         left join lateral (
           select currency from balance.accounts
           where bucket = $1 and account_id = wanted.account_id collate "C" limit 1
         ) as account on true
         left join lateral (
           select sequence, balance_after, checksum from ledger.entries
           where bucket = $1 and account_id = wanted.account_id collate "C" and sequence < wanted.sequence
           order by sequence desc limit 1
         ) as previous on true
         left join lateral (
           select sequence, balance, checksum from ledger.verified_chains
           where bucket = $1 and account_id = wanted.account_id collate "C" limit 1
         ) as proven on true`,
};

/** The parts of transactions in other buckets: entries_by_fact, and the key of accounts for the currency. */
export const READ_LEG_SUMS = {
  name: 'read_leg_sums',
  text: `select leg.place, coalesce(account.currency, '') as currency, count(*) as entries,
                sum(entry.amount)::text as amount
         from unnest($1::integer[], $2::smallint[], $3::bigint[]) as leg(place, bucket, sequence)
         cross join lateral (
           select bucket, account_id, amount from ledger.entries
           where bucket = leg.bucket and fact_sequence = leg.sequence limit ${ENTRIES_PER_TRANSACTION_MAX}
         ) as entry
         left join lateral (
           select currency from balance.accounts
           where bucket = entry.bucket and account_id = entry.account_id limit 1
         ) as account on true
         group by leg.place, account.currency`,
};

/** The two ends of entries_by_fact, beyond which there is nothing in a ledger that nobody touched. */
export const FIND_OUTCASTS = {
  name: 'find_outcasts',
  text: `select account_id, min(sequence) as sequence
         from (
           (select account_id, sequence from ledger.entries where bucket = $1 and fact_sequence < 1 limit $2)
           union all
           (select account_id, sequence from ledger.entries
            where bucket = $1
              and fact_sequence > coalesce((select sequence from balance.heads where bucket = $1), 0)
            limit $2)
         ) as outcast
         group by account_id`,
};
