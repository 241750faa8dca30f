import { CHAINS_AT_INSTANTS, searchByTime } from './instant-search.sql.js';

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
 * Balances of the accounts $1 in the buckets $2 at the instants $3, a row where there is a chain, all in the one
 * snapshot of this statement. Primary keys.
 */
export const FIND_BALANCES_AT = {
  name: 'find_balances_at',
  text: `with recursive ${searchByTime(CHAINS_AT_INSTANTS)}
         select place, currency, early as sequence, balance from search where late - early <= 1`,
};

/** All questions at once: the last entry up to `high` that was committed at or before `at_ms`. Primary keys. */
export const FIND_BOUNDS = {
  name: 'find_bounds',
  text: `with recursive ${searchByTime(`
           select asked.place, $1::text as account_id, asked.bucket, account.currency, asked.high, asked.at_ms,
                  coalesce(account.created_at_ms, 0) as opened_ms, coalesce(account.updated_at_ms, 0) as changed_ms
           from unnest($2::smallint[], $3::bigint[], $4::bigint[])
             with ordinality as asked(bucket, high, at_ms, place)
           left join lateral (
             select currency, created_at_ms, updated_at_ms from balance.accounts
             where bucket = asked.bucket and account_id = $1 limit 1
           ) as account on true`)}
         select early as sequence from search where late - early <= 1 order by place`,
};
