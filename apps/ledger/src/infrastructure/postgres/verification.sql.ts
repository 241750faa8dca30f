import { ENTRIES_PER_TRANSACTION_MAX } from '@steelyard/domain/posting';

/**
 * Statements of verification. They lock nothing; each sees one snapshot, in which an account's row and its
 * entries belong together because one transaction wrote them.
 */

const ENDS = `
  account.sequence, account.balance, encode(account.checksum, 'hex') as checksum,
  last.sequence as last_sequence, last.balance_after as last_balance,
  encode(last.checksum, 'hex') as last_checksum, proven.sequence as proven_sequence,
  proven.balance as proven_balance, encode(proven.checksum, 'hex') as proven_checksum`;

const LAST_ENTRY = `
  left join lateral (
    select sequence, balance_after, checksum from ledger.entries
    where bucket = wanted.bucket and account_id = wanted.account_id order by sequence desc limit 1
  ) as last on true
  left join lateral (
    select sequence, balance, checksum from ledger.verified_chains
    where bucket = wanted.bucket and account_id = wanted.account_id limit 1
  ) as proven on true`;

/** Primary key of accounts, and two key lookups for each: its last entry, and where it was proven to end. */
export const ENDS_AFTER = {
  name: 'ends_after',
  text: `select wanted.bucket, wanted.account_id, true as has_account, ${ENDS}
         from (
           select bucket, account_id, sequence, balance, checksum from balance.accounts
           where bucket = $1 and account_id > $2 order by account_id limit $3
         ) as wanted
         cross join lateral (select wanted.sequence, wanted.balance, wanted.checksum) as account
         ${LAST_ENTRY}
         order by wanted.account_id`,
};

/** Three key lookups a bucket. Also finds entries whose account is gone, and chains that are gone altogether. */
export const ENDS_OF = {
  name: 'ends_of',
  text: `select wanted.bucket, wanted.account_id, account.is_there is not null as has_account, ${ENDS}
         from (select bucket, $1::text collate "C" as account_id from unnest($2::smallint[]) as asked(bucket)) as wanted
         left join lateral (
           select sequence, balance, checksum, true as is_there from balance.accounts
           where bucket = wanted.bucket and account_id = wanted.account_id limit 1
         ) as account on true
         ${LAST_ENTRY}
         where account.is_there or last.sequence is not null or proven.sequence > 0
         order by wanted.bucket`,
};

/** A stretch of the entries' primary key, with one key lookup in the facts for each. */
export const READ_ENTRIES = {
  name: 'read_entries',
  text: `select entry.account_id, entry.sequence, entry.amount, entry.balance_after, entry.fact_sequence,
                entry.ordinal, entry.hash_version, encode(entry.checksum, 'hex') as checksum,
                fact.kind, fact.committed_at_ms, fact.home_bucket, fact.home_sequence, fact.data
         from ledger.entries as entry
         left join lateral (
           select kind, committed_at_ms, home_bucket, home_sequence, data from balance.facts
           where bucket = entry.bucket and sequence = entry.fact_sequence limit 1
         ) as fact on true
         where entry.bucket = $1 and (entry.account_id, entry.sequence) > ($2, $3) and entry.account_id <= $4
         order by entry.account_id, entry.sequence limit $5`,
};

/**
 * The faults among the next $3 facts of bucket $1 after $2: a sequence without its fact, a transaction without
 * entries or whose entries do not sum to zero in a currency, a fact beyond the head. Primary keys and
 * entries_by_fact. Always returns a line that says how far it came, with a null fault.
 */
export const CHECK_FACTS = {
  name: 'check_facts',
  text: `with slice as materialized (
           select $2::bigint as after, least($2::bigint + $3::bigint, head.sequence) as through, head.sequence as head
           from (select coalesce((select sequence from balance.heads where bucket = $1), 0) as sequence) as head
         ), place as materialized (
           select fact.sequence, fact.kind, fact.home_bucket, fact.committed_at_ms, fact.leg_buckets,
                  fact.leg_sequences
           from balance.facts as fact
           where fact.bucket = $1 and fact.sequence > (select after from slice)
             and fact.sequence <= (select through from slice)
         ), moved as (
           select entry.fact_sequence as home, entry.bucket, entry.account_id, entry.amount
           from ledger.entries as entry
           where entry.bucket = $1 and entry.fact_sequence > (select after from slice)
             and entry.fact_sequence <= (select through from slice)
           union all
           select place.sequence, entry.bucket, entry.account_id, entry.amount
           from place
           cross join lateral unnest(place.leg_buckets, place.leg_sequences) as leg(bucket, sequence)
           cross join lateral (
             select bucket, account_id, amount from ledger.entries
             where bucket = leg.bucket and fact_sequence = leg.sequence limit ${ENTRIES_PER_TRANSACTION_MAX}
           ) as entry
         ), by_currency as (
           select moved.home, count(*) as entries, sum(moved.amount) as amount
           from moved
           left join lateral (
             select currency from balance.accounts
             where bucket = moved.bucket and account_id = moved.account_id limit 1
           ) as account on true
           group by moved.home, account.currency
         ), by_home as materialized (
           select home, sum(entries) as entries, bool_and(amount = 0) as is_zero from by_currency group by home
         ), checked as (
           select place.sequence, place.kind, place.committed_at_ms, coalesce(by_home.entries, 0) as entries,
                  coalesce(by_home.is_zero, true) as is_zero
           from place left join by_home on by_home.home = place.sequence
           where place.home_bucket is null
        ), fault as (
           select series.sequence, null::bigint as committed_at_ms, 'missing' as fault
           from slice cross join lateral generate_series(slice.after + 1, slice.through) as series(sequence)
           where not exists (select from place where place.sequence = series.sequence)
           union all
           select sequence, committed_at_ms, 'empty' from checked
           where kind <= $4::smallint and entries < 2
           union all
           select sequence, committed_at_ms, 'unbalanced' from checked where not is_zero
           union all
           select max(fact.sequence), null, 'beyond' from slice, balance.facts as fact
           where slice.through = slice.head and fact.bucket = $1 and fact.sequence > slice.head
           having max(fact.sequence) is not null
           limit $5
         )
         select null::text as fault, through as fact_sequence, null::bigint as committed_at_ms,
                through = head as is_bucket_done, null::text as account_id, null::bigint as entry_sequence,
                null::smallint as ordinal
         from slice
         union all
         select fault.fault, fault.sequence, fault.committed_at_ms, null, entry.account_id, entry.sequence, entry.ordinal
         from fault
         left join lateral (
           select account_id, sequence, ordinal from ledger.entries
           where bucket = $1 and fact_sequence = fault.sequence order by ordinal limit 1
         ) as entry on true`,
};

/** A scan of the accounts, which are far fewer than their entries. */
export const READ_BOOKS = {
  name: 'read_books',
  text: `select currency, count(*) as accounts, sum(sequence)::bigint as entries, sum(balance)::bigint as sum
         from balance.accounts group by currency order by currency`,
};
