/** Statements of the books' check. Each reads all there is, as superuser, when no load runs. */

/** Per currency: what is wrong with any account when its entries are added up again. */
export const SUM_BOOKS = `
  with chain as (
    select bucket, account_id, count(*) as entries, sum(amount) as amount, max(sequence) as sequence
    from ledger.entries group by bucket, account_id
  )
  select account.currency, coalesce(sum(chain.amount), 0)::text as entry_sum, sum(account.balance)::text as balance_sum,
         coalesce(sum(chain.entries), 0)::text as entries,
         count(*) filter (where account.balance <> coalesce(chain.amount, 0))::text as wrong_balances,
         count(*) filter (where account.sequence <> coalesce(chain.entries, 0)
                             or account.sequence <> coalesce(chain.sequence, 0))::text as wrong_sequences
  from balance.accounts as account
  full join chain using (bucket, account_id)
  group by account.currency order by account.currency`;

/** Home facts below kind 100 are transactions; see the numbers of transaction types. */
export const COUNT_TRANSACTIONS = `
  select count(*)::text as count from balance.facts where home_bucket is null and kind < 100`;

export const COUNT_KEYS = `
  select count(fact_sequence)::text as transactions, count(outcome)::text as refusals from balance.idempotency`;

/** Some accounts picked by the hash of their ids, and the ones with the longest chains. */
export const SAMPLE_ACCOUNTS = `
  (select bucket, account_id, sequence, balance, encode(checksum, 'hex') as checksum
   from balance.accounts where sequence > 0 order by hashtext(account_id || bucket) limit $1)
  union
  (select bucket, account_id, sequence, balance, encode(checksum, 'hex') as checksum
   from balance.accounts order by sequence desc limit $2)`;

/** Primary key of the entries, and of the facts for each. */
export const READ_CHAIN = `
  select entry.sequence, entry.amount, entry.balance_after, entry.fact_sequence, entry.ordinal, entry.hash_version,
         encode(entry.checksum, 'hex') as checksum, fact.kind, fact.committed_at_ms, fact.home_bucket,
         fact.home_sequence, fact.data
  from ledger.entries as entry
  join balance.facts as fact on fact.bucket = entry.bucket and fact.sequence = entry.fact_sequence
  where entry.bucket = $1 and entry.account_id = $2 and entry.sequence > $3
  order by entry.sequence limit $4`;

/** Accounts that hold something else than their open reservations, and pots that hold something else than their seats. */
export const COUNT_HOLD_FAULTS = `
  with open as (
    select bucket, account_id, sum(amount) as amount from balance.reservations where status = 1
    group by bucket, account_id
  ), pot as (
    select account.balance, pot.status,
           (select sum((seat ->> 'contributed')::bigint - (seat ->> 'returned')::bigint)
            from jsonb_array_elements(pot.seats::jsonb) as seat) as total
    from balance.pots as pot
    join balance.accounts as account on account.bucket = pot.bucket
      and account.account_id = '@pot/' || pot.table_id || '/' || pot.hand_id || '/' || pot.currency
  )
  select 'accounts whose holds differ from their reservations' as what, count(*)::text as count
  from balance.accounts as account left join open using (bucket, account_id)
  where account.held <> coalesce(open.amount, 0)
  union all
  select 'pots whose balance differs from their seats', count(*)::text
  from pot where balance <> case when status = 1 then total else 0 end`;
