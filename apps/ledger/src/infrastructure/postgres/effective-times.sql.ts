import { WINDOW_BITS, WINDOW_LEVELS } from '../../application/effective-time/effective-windows.js';
import { searchByTime } from './instant-search.sql.js';

/** The name under which dated entries are derived, also with the facts that could not be applied. */
export const EFFECTIVE_TIMES = 'effective-times';

/** The metadata of an entry that may be dated, null of one that is not. */
const DATED_METADATA = `case when strpos(fact.data, '"effectiveAt":"') > 0 then fact.data end as data`;

const FACT_OF_ENTRY = `
  left join lateral (
    select data from balance.facts where bucket = entry.bucket and sequence = entry.fact_sequence limit 1
  ) as fact on true`;

/**
 * Adds dated entries of bucket $1. Their sums go on from the chain's last dated entry before them. When they come
 * late, as those of a fact that could not be applied at its time, the sums of the entries behind grow with them.
 * Primary key; the bucket's inbox row is locked, so that nobody else writes here.
 */
export const ADD_DATED_ENTRIES = {
  name: 'add_dated_entries',
  text: `with given as materialized (
           select * from unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[])
             as given(account_id, sequence, effective_at_ms, amount)
         ), chain as materialized (
           select account_id collate "C" as account_id, min(sequence) as first, max(sequence) as last,
                  count(*) as entries, sum(amount) as amount
           from given group by account_id
         ), added as (
           insert into ledger.effective_entries
             (bucket, account_id, sequence, effective_at_ms, amount, total_entries, total_amount)
           select $1::smallint, given.account_id, given.sequence, given.effective_at_ms, given.amount,
                  coalesce(before.total_entries, 0) + row_number() over chain_order,
                  coalesce(before.total_amount, 0) + sum(given.amount) over chain_order
           from given
           join chain on chain.account_id = given.account_id
           left join lateral (
             select total_entries, total_amount from ledger.effective_entries
             where bucket = $1 and account_id = chain.account_id and sequence < chain.first
             order by sequence desc limit 1
           ) as before on true
           window chain_order as (partition by given.account_id order by given.sequence)
         )
         update ledger.effective_entries as behind
         set total_entries = behind.total_entries + chain.entries, total_amount = behind.total_amount + chain.amount
         from chain
         where behind.bucket = $1 and behind.account_id = chain.account_id and behind.sequence > chain.last`,
};

/** Counts the same entries in their windows, one of each level. Primary key. */
export const ADD_TO_WINDOWS = {
  name: 'add_to_windows',
  text: `insert into ledger.effective_windows as stored (bucket, account_id, level, number, entries, amount)
         select $1::smallint, given.account_id, level, given.effective_at_ms >> (level * ${WINDOW_BITS})::int,
                count(*), sum(given.amount)
         from unnest($2::text[], $3::bigint[], $4::bigint[]) as given(account_id, effective_at_ms, amount)
         cross join generate_series(0, ${WINDOW_LEVELS - 1}) as level
         group by 1, 2, 3, 4
         on conflict (bucket, account_id, level, number) do update
           set entries = stored.entries + excluded.entries, amount = stored.amount + excluded.amount`,
};

/** One key lookup a bucket. */
const CHAINS_OF_ACCOUNT = `
  select 0::bigint as place, $1::text as account_id, wanted.bucket, account.currency, account.sequence as high,
         $3::bigint as at_ms, account.created_at_ms as opened_ms, account.updated_at_ms as changed_ms
  from unnest($2::smallint[]) as wanted(bucket)
  cross join lateral (
    select currency, sequence, created_at_ms, updated_at_ms from balance.accounts
    where bucket = wanted.bucket and account_id = $1 limit 1
  ) as account`;

/**
 * All of an account's chains, and the sums over their dated entries, in the one snapshot of this statement. $3 is the
 * instant; $4, $5 and $6 are ranges of windows. Primary keys throughout.
 */
export const FIND_DATED_CHAINS = {
  name: 'find_dated_chains',
  text: `with recursive ${searchByTime(CHAINS_OF_ACCOUNT)}
         select chain.bucket, chain.currency, chain.high, inbox.covered, chain.early as committed_sequence,
                chain.balance as committed_balance,
                coalesce(committed.total_entries, 0) as committed_entries,
                coalesce(committed.total_amount, 0)::text as committed_amount,
                coalesce(effective.entries, 0)::bigint as effective_entries,
                coalesce(effective.amount, 0)::text as effective_amount,
                coalesce((
                  select fact_sequence > inbox.covered from ledger.entries
                  where bucket = chain.bucket and account_id = $1 and sequence = chain.high limit 1
                ), false) as is_behind,
                array(
                  select sequence::text from ledger.fact_dead_letters
                  where bucket = chain.bucket and handler = '${EFFECTIVE_TIMES}' and sequence <= inbox.covered
                ) as missed_facts
         from search as chain
         cross join lateral (
           select coalesce((
             select sequence from ledger.fact_inbox where bucket = chain.bucket limit 1
           ), 0) as covered offset 0
         ) as inbox
         left join lateral (
           select total_entries, total_amount from ledger.effective_entries
           where bucket = chain.bucket and account_id = $1 and sequence <= chain.early
           order by sequence desc limit 1
         ) as committed on true
         cross join lateral (
           select sum(total.entries) as entries, sum(total.amount) as amount
           from unnest($4::smallint[], $5::bigint[], $6::bigint[]) as range(level, low, high)
           cross join lateral (
             select sum(entries) as entries, sum(amount) as amount from ledger.effective_windows
             where bucket = chain.bucket and account_id = $1 and level = range.level
               and number >= range.low and number < range.high
           ) as total
         ) as effective
         where chain.late - chain.early <= 1
         order by chain.bucket`,
};

/** A stretch of one chain backwards: the primary key. */
export const ENTRIES_DOWN_FROM = {
  name: 'entries_down_from',
  text: `select entry.sequence, entry.fact_sequence, entry.amount, ${DATED_METADATA}
         from ledger.entries as entry ${FACT_OF_ENTRY}
         where entry.bucket = $2 and entry.account_id = $1 and entry.sequence <= $3
         order by entry.sequence desc limit $4`,
};

/** Entries of one account in the facts $3 of a bucket: entries_by_fact. */
export const ENTRIES_OF_FACTS = {
  name: 'entries_of_facts',
  text: `select entry.sequence, entry.fact_sequence, entry.amount, ${DATED_METADATA}
         from unnest($3::bigint[]) as missed(sequence)
         join ledger.entries as entry on entry.bucket = $2 and entry.fact_sequence = missed.sequence
         ${FACT_OF_ENTRY}
         where entry.account_id = $1`,
};
