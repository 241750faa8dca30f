/** Statements of the posting path. All are prepared under their names; all run on primary keys. */

/** Heads of some buckets. Locks nothing. */
export const READ_HEADS = {
  name: 'read_heads',
  text: 'select bucket, sequence, committed_at_ms, write_id from balance.heads where bucket = any($1::smallint[])',
};

/** The same, and keeps other writers out until commit. Locked in bucket order: two lockers never deadlock. */
export const LOCK_HEADS = {
  name: 'lock_heads',
  text: `select bucket, sequence, committed_at_ms, write_id from balance.heads
         where bucket = any($1::smallint[]) order by bucket for update`,
};

const ACCOUNT_COLUMNS = `
  account.bucket, account.account_id, account.currency, account.balance, account.held, account.version,
  account.sequence, encode(account.checksum, 'hex') as checksum, account.status, account.credit_limit,
  account.minimum_hold, account.max_balance, account.warning_threshold, account.critical_threshold, account.tier,
  account.holder_id, account.agent_id, account.metadata, account.created_at_ms, account.updated_at_ms`;

export const READ_ACCOUNTS = {
  name: 'read_accounts',
  text: `select ${ACCOUNT_COLUMNS}
         from unnest($1::smallint[], $2::text[]) as wanted(bucket, account_id)
         join balance.accounts as account
           on account.bucket = wanted.bucket and account.account_id = wanted.account_id collate "C"`,
};

/** Index: accounts_by_holder. A holder has an account a currency, so that the limit is never met in earnest. */
export const READ_ACCOUNTS_OF_HOLDER = {
  name: 'read_accounts_of_holder',
  text: `select ${ACCOUNT_COLUMNS} from balance.accounts as account
         where account.holder_id = $1 order by account.account_id limit 1000`,
};

export const READ_REVERSALS = {
  name: 'read_reversals',
  text: `select known.bucket, known.fact_sequence, known.reversed
         from unnest($1::smallint[], $2::bigint[]) as wanted(bucket, fact_sequence)
         join balance.reversals as known using (bucket, fact_sequence)`,
};

export const READ_KEYS = {
  name: 'read_keys',
  text: `select known.bucket, replace(known.slot::text, '-', '') as slot,
                encode(known.fingerprint, 'hex') as fingerprint, known.fact_sequence, known.outcome
         from unnest($1::smallint[], $2::uuid[]) as wanted(bucket, slot)
         join balance.idempotency as known using (bucket, slot)`,
};

export const READ_FACTS = {
  name: 'read_facts',
  text: `select fact.bucket, fact.sequence, fact.kind, fact.committed_at_ms, fact.home_bucket, fact.idempotency_key,
                fact.data
         from unnest($1::smallint[], $2::bigint[]) as wanted(bucket, sequence)
         join balance.facts as fact using (bucket, sequence)`,
};

/**
 * The entries of transactions, by their home facts: those at home and those in other buckets. `offset 0` keeps the
 * planner from joining by account first: on a database that was not analysed yet it would read every entry of the
 * bucket for one transaction, instead of asking the index entries_by_fact.
 */
export const READ_ENTRIES_OF_FACTS = {
  name: 'read_entries_of_facts',
  text: `with home as (
           select fact.bucket, fact.sequence, fact.leg_buckets, fact.leg_sequences
           from unnest($1::smallint[], $2::bigint[]) as wanted(bucket, sequence)
           join balance.facts as fact using (bucket, sequence)
         ), part as (
           select bucket as home_bucket, sequence as home_sequence, bucket, sequence from home
           union all
           select home.bucket, home.sequence, leg.bucket, leg.sequence
           from home, unnest(home.leg_buckets, home.leg_sequences) as leg(bucket, sequence)
         )
         select part.home_bucket, part.home_sequence, entry.bucket, entry.ordinal, entry.account_id,
                account.currency, entry.amount, entry.balance_after, entry.sequence,
                encode(entry.checksum, 'hex') as checksum
         from part
         cross join lateral (
           select * from ledger.entries
           where entries.bucket = part.bucket and entries.fact_sequence = part.sequence
           offset 0
         ) as entry
         join balance.accounts as account on account.bucket = entry.bucket and account.account_id = entry.account_id
         order by part.home_bucket, part.home_sequence, entry.ordinal`,
};

/** See the function's own comment for its locks. */
export const WRITE_BATCH = {
  name: 'write_batch',
  text: `select balance.write_batch(${Array.from({ length: 47 }, (_, i) => `$${i + 1}`).join(', ')})`,
};
