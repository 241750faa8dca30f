/**
 * Statements of the verification of new facts. They lock nothing of the balance app's.
 */

/** One row a bucket; costs nothing when they are there. The rotation is one of the release before, see ADR-0017. */
export const CREATE_VERIFIED_BUCKETS = {
  name: 'create_verified_buckets',
  text: `insert into ledger.verified_buckets (bucket, fact_sequence, rotation_due_at_ms, rotation_account_id)
         select bucket, 0, 0, '' from balance.heads order by bucket on conflict do nothing`,
};

/** Two small tables, a row a bucket each. */
export const FIND_BUCKETS_BEHIND = {
  name: 'find_buckets_behind',
  text: `select head.bucket from balance.heads as head
         join ledger.verified_buckets as verified on verified.bucket = head.bucket
         where verified.fact_sequence <> head.sequence order by head.bucket`,
};

/** Locks the bucket's row until its slice is done. No row: another process has it. */
export const LOCK_VERIFIED_BUCKET = {
  name: 'lock_verified_bucket',
  text: `select fact_sequence from ledger.verified_buckets where bucket = $1 for update skip locked`,
};

/** Two key lookups an account. */
export const READ_KNOWN_CHAINS = {
  name: 'read_known_chains',
  text: `select wanted.account_id, account.currency, account.sequence, account.balance,
                encode(account.checksum, 'hex') as checksum, proven.sequence as proven_sequence,
                proven.balance as proven_balance, encode(proven.checksum, 'hex') as proven_checksum,
                coalesce(proven.restart_sequence is not null, false) as is_faulty,
                coalesce((select sequence from balance.heads where bucket = $1), 0) as head
         from unnest($2::text[]) as wanted(account_id)
         left join lateral (
           select currency, sequence, balance, checksum from balance.accounts
           where bucket = $1 and account_id = wanted.account_id collate "C" limit 1
         ) as account on true
         left join lateral (
           select sequence, balance, checksum, restart_sequence from ledger.verified_chains
           where bucket = $1 and account_id = wanted.account_id collate "C" limit 1
         ) as proven on true`,
};

/** A chain that was wrong keeps where it has to be proven again from; only that proof clears it. */
export const SAVE_PROVEN_CHAINS = {
  name: 'save_proven_chains',
  text: `insert into ledger.verified_chains as chain
           (bucket, account_id, sequence, balance, checksum, restart_sequence, restart_balance, restart_checksum,
            retried_at_ms)
         select $1, account_id, sequence, balance, decode(checksum, 'hex'),
                case when is_faulty then sequence end, case when is_faulty then balance end,
                case when is_faulty then decode(checksum, 'hex') end, case when is_faulty then $2::bigint end
         from unnest($3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::boolean[])
           as proven(account_id, sequence, balance, checksum, is_faulty)
         on conflict (bucket, account_id) do update
           set sequence = excluded.sequence, balance = excluded.balance, checksum = excluded.checksum,
               restart_sequence = coalesce(chain.restart_sequence, excluded.restart_sequence),
               restart_balance = coalesce(chain.restart_balance, excluded.restart_balance),
               restart_checksum = coalesce(chain.restart_checksum, excluded.restart_checksum),
               retried_at_ms = coalesce(chain.retried_at_ms, excluded.retried_at_ms)`,
};

export const SAVE_VERIFIED_BUCKET = {
  name: 'save_verified_bucket',
  text: 'update ledger.verified_buckets set fact_sequence = $2 where bucket = $1',
};

/**
 * Two small tables, and one key lookup for each bucket that is behind. What was committed before its first
 * unverified fact is verified; commit times do not decrease within a bucket.
 */
export const SUMMARIZE_NEW_FACTS = {
  name: 'summarize_new_facts',
  text: `select coalesce(sum(greatest(head.sequence - coalesce(verified.fact_sequence, 0), 0)), 0)::bigint as unverified,
                coalesce(sum(verified.fact_sequence), 0)::bigint as verified,
                min(next.committed_at_ms) as next_at_ms
         from balance.heads as head
         left join ledger.verified_buckets as verified on verified.bucket = head.bucket
         left join lateral (
           select committed_at_ms from balance.facts
           where bucket = head.bucket and sequence = coalesce(verified.fact_sequence, 0) + 1 limit 1
         ) as next on true`,
};
