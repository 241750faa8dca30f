import { POT_COLUMNS } from './pot-row.js';
import { RESERVATION_COLUMNS } from './reservation-row.js';

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
  account.bucket, account.account_id, account.currency, account.balance, account.held, account.next_expiry_at_ms, account.version,
  account.sequence, encode(account.checksum, 'hex') as checksum, account.status, account.credit_limit,
  account.minimum_hold, account.max_balance, account.warning_threshold, account.critical_threshold, account.tier,
  account.holder_id, account.agent_id, account.metadata, account.created_at_ms, account.updated_at_ms`;

/**
 * Accounts with their last entries, in one snapshot: decisions rest on the ledger, not on what somebody may have
 * written into the row. The last entry is one more key lookup, for accounts that are not in memory.
 */
export const READ_ACCOUNTS = {
  name: 'read_accounts',
  text: `select ${ACCOUNT_COLUMNS},
                coalesce(last.sequence, 0) as last_sequence, coalesce(last.balance_after, 0) as last_balance,
                coalesce(encode(last.checksum, 'hex'), '') as last_checksum
         from unnest($1::smallint[], $2::text[]) as wanted(bucket, account_id)
         join balance.accounts as account
           on account.bucket = wanted.bucket and account.account_id = wanted.account_id collate "C"
         left join lateral (
           select sequence, balance_after, checksum from ledger.entries
           where bucket = account.bucket and account_id = account.account_id
           order by sequence desc limit 1
         ) as last on true`,
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

export const READ_RESERVATIONS = {
  name: 'read_reservations',
  text: `select ${RESERVATION_COLUMNS}
         from unnest($1::smallint[], $2::bigint[]) as wanted(bucket, sequence)
         join balance.reservations as reservation using (bucket, sequence)`,
};

/**
 * What is due at $3 on some accounts, the earliest first. Index: reservations_open. The limit bounds what one batch
 * has to end; what it leaves is ended by the next.
 */
export const READ_DUE_RESERVATIONS = {
  name: 'read_due_reservations',
  text: `select ${RESERVATION_COLUMNS}
         from unnest($1::smallint[], $2::text[]) as wanted(bucket, account_id)
         cross join lateral (
           select * from balance.reservations as open
           where open.bucket = wanted.bucket and open.account_id = wanted.account_id collate "C"
             and open.status = 1 and open.expires_at_ms <= $3
           order by open.expires_at_ms limit $4
         ) as reservation`,
};

/** The earliest expiry of some accounts' reservations that are not due at $3. Index: reservations_open. */
export const READ_NEXT_EXPIRIES = {
  name: 'read_next_expiries',
  text: `select wanted.bucket, wanted.account_id,
                (select min(open.expires_at_ms) from balance.reservations as open
                 where open.bucket = wanted.bucket and open.account_id = wanted.account_id collate "C"
                   and open.status = 1 and open.expires_at_ms > $3) as next_expiry_at_ms
         from unnest($1::smallint[], $2::text[]) as wanted(bucket, account_id)`,
};

export const READ_POTS = {
  name: 'read_pots',
  text: `select ${POT_COLUMNS}
         from unnest($1::smallint[], $2::text[], $3::text[]) as wanted(bucket, table_id, hand_id)
         join balance.pots as pot
           on pot.bucket = wanted.bucket and pot.table_id = wanted.table_id collate "C"
           and pot.hand_id = wanted.hand_id collate "C"`,
};

const WRITE_BATCH_PARAMETERS = 53;

/** See the function's own comment for its locks. */
export const WRITE_BATCH = {
  name: 'write_batch_2',
  text: `select balance.write_batch_2(${Array.from({ length: WRITE_BATCH_PARAMETERS }, (_, i) => `$${i + 1}`).join(', ')})`,
};
