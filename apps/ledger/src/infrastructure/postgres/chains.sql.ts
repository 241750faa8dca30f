/**
 * Statements that find an account's chains and how commit time maps to their sequences. All run on primary
 * keys, lock nothing, and probe laterally with a limit: that keeps the plan to key lookups however old the
 * planner's statistics are.
 */

/** One key lookup a bucket. */
export const FIND_CHAINS = {
  name: 'find_chains',
  text: `select account.bucket, account.currency, account.sequence, encode(account.checksum, 'hex') as checksum
         from unnest($2::smallint[]) as wanted(bucket)
         cross join lateral (
           select bucket, currency, sequence, checksum from balance.accounts
           where bucket = wanted.bucket and account_id = $1 limit 1
         ) as account
         order by account.bucket`,
};

/**
 * Binary search, all questions at once: the last entry up to `high` that was committed at or before `at_ms`.
 * Two key lookups a step, and as many steps as the chain's length has binary digits. An entry whose fact is
 * gone counts as too late, so that the search ends. `offset 0` keeps the probe from being run for each of its uses.
 */
export const FIND_BOUNDS = {
  name: 'find_bounds',
  text: `with recursive search(place, bucket, at_ms, low, high) as (
           select asked.place, asked.bucket, asked.at_ms, 0::bigint, asked.high
           from unnest($2::smallint[], $3::bigint[], $4::bigint[])
             with ordinality as asked(bucket, high, at_ms, place)
           union all
           select search.place, search.bucket, search.at_ms,
                  case when probe.is_early then middle.sequence else search.low end,
                  case when probe.is_early then search.high else middle.sequence - 1 end
           from search
           cross join lateral (select search.low + (search.high - search.low + 1) / 2 as sequence) as middle
           cross join lateral (
             select coalesce((
               select fact.committed_at_ms <= search.at_ms
               from ledger.entries as entry
               join balance.facts as fact on fact.bucket = entry.bucket and fact.sequence = entry.fact_sequence
               where entry.bucket = search.bucket and entry.account_id = $1
                 and entry.sequence = middle.sequence
               limit 1
             ), false) as is_early offset 0
           ) as probe
           where search.low < search.high
         )
         select search.low as sequence, coalesce((
                  select balance_after from ledger.entries
                  where bucket = search.bucket and account_id = $1 and sequence = search.low limit 1
                ), 0) as balance_after
         from search where search.low >= search.high order by search.place`,
};
