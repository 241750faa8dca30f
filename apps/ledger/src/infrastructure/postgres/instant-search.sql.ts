/**
 * The search for the last entry of a chain that was committed at or before an instant, as the common table
 * expression `search` of a `with recursive`. Its complete rows are those with `late - early <= 1`: `early` is the
 * entry's sequence, 0 when there is none, and `balance` the balance after it.
 *
 * Commit times never go back within a bucket, so neither do they along a chain. A step probes one entry between
 * `early`, which is early enough, and `late`, which is too late; it is two key lookups, and what they cost is pages.
 * So the probe is where the instant would be if time passed evenly between the two, moved a little towards the
 * middle: when times are about even, the answer is soon enclosed from both sides, in about 5 steps for ten thousand
 * entries and 7 for a million. Where they are not (bursts, long silences), `room` keeps the probe away from the
 * ends: it halves with every step, whatever the answer is no more than that is left to search, and no search takes
 * more than two steps more than halving would.
 *
 * The times at the ends are known when they have been probed. Until then those of the account stand for them: an
 * instant after its last change, or before it was opened, is one step. A wrong one makes the search longer, not
 * wrong. An entry whose fact is gone counts as too late, so that every search ends. `offset 0` keeps the place of the
 * probe from being computed for each of its uses.
 */
const SEARCH_STEP = `
  select place, account_id, bucket, currency, high, at_ms,
         case when is_early then probe else early end,
         case when is_early then committed_at_ms else early_ms end,
         case when is_early then late else probe end,
         case when is_early then late_ms else coalesce(committed_at_ms, late_ms) end,
         ceil(room / 2),
         case when is_early then balance_after else balance end
  from (
    select search.*, found.committed_at_ms, found.balance_after,
           coalesce(found.committed_at_ms <= search.at_ms, false) as is_early
    from (
      select *, greatest(early + 1, least(late - 1,
                  greatest(late - room, least(early + room, inward))::bigint)) as probe
      from (
        select *, greatest(guess - margin, least(guess + margin, (early + late) / 2::float8)) as inward
        from (
          select *, case when at_ms >= early_ms and at_ms < late_ms then sqrt(late - early) / 4 else 0 end as margin,
                 early + (late - early) * greatest(0, least(1,
                   (at_ms::float8 - early_ms) / greatest(late_ms::float8 - early_ms, 1))) as guess
          from search where late - early > 1
        ) as guessed
      ) as moved
      offset 0
    ) as search
    left join lateral (
      select fact.committed_at_ms, entry.balance_after
      from ledger.entries as entry
      join balance.facts as fact on fact.bucket = entry.bucket and fact.sequence = entry.fact_sequence
      where entry.bucket = search.bucket and entry.account_id = search.account_id
        and entry.sequence = search.probe
      limit 1
    ) as found on true
  ) as step`;

/** No chain is longer. What stands in an account's row beyond it is damage, and must not end in an overflow. */
const SEQUENCE_MAX = '9007199254740991::bigint';

/**
 * `search` over some chains.
 *
 * @param chains a query for `place`, any number of the caller's, `account_id`, `bucket` and `currency`, for `high`,
 *   the last entry to be looked at, the instant `at_ms`, and `opened_ms` and `changed_ms` of the account.
 */
export function searchByTime(chains: string): string {
  return `search(place, account_id, bucket, currency, high, at_ms, early, early_ms, late, late_ms, room, balance) as (
  select place, account_id, bucket, currency, high, at_ms, 0::bigint, opened_ms,
         least(high, ${SEQUENCE_MAX}) + 1, changed_ms, 2 * high::float8, 0::bigint
  from (${chains}) as chain
  union all ${SEARCH_STEP}
)`;
}

/** Chains of the accounts $1 in the buckets $2 at the instants $3, numbered from 1. One key lookup each. */
export const CHAINS_AT_INSTANTS = `
  select asked.place, asked.account_id, asked.bucket, account.currency, account.sequence as high, asked.at_ms,
         account.created_at_ms as opened_ms, account.updated_at_ms as changed_ms
  from unnest($1::text[], $2::smallint[], $3::bigint[]) with ordinality as asked(account_id, bucket, at_ms, place)
  cross join lateral (
    select currency, sequence, created_at_ms, updated_at_ms from balance.accounts
    where bucket = asked.bucket and account_id = asked.account_id limit 1
  ) as account`;
