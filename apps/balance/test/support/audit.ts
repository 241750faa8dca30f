import type { Pool } from '@steelyard/platform/postgres';

/** Each statement lists what is wrong with the stored books; right books give no rows. */
const CHECKS: Readonly<Record<string, string>> = {
  'currencies sum to zero': `
    select account.currency, sum(entry.amount) from ledger.entries as entry
    join balance.accounts as account using (bucket, account_id)
    group by account.currency having sum(entry.amount) <> 0`,
  'transactions sum to zero': `
    select home.bucket, home.sequence from balance.facts as fact
    join balance.facts as home
      on home.bucket = coalesce(fact.home_bucket, fact.bucket)
      and home.sequence = coalesce(fact.home_sequence, fact.sequence)
    join ledger.entries as entry on entry.bucket = fact.bucket and entry.fact_sequence = fact.sequence
    join balance.accounts as account on account.bucket = entry.bucket and account.account_id = entry.account_id
    group by home.bucket, home.sequence, account.currency having sum(entry.amount) <> 0`,
  'accounts are what their entries say': `
    select account.bucket, account.account_id from balance.accounts as account
    left join ledger.entries as entry using (bucket, account_id)
    group by account.bucket, account.account_id
    having account.balance <> coalesce(sum(entry.amount), 0)
      or account.sequence <> coalesce(max(entry.sequence), 0)
      or account.sequence <> count(entry.sequence)`,
  'facts have no gaps up to their head': `
    select head.bucket from balance.heads as head left join balance.facts as fact using (bucket)
    group by head.bucket, head.sequence
    having head.sequence <> count(fact.sequence) or head.sequence <> coalesce(max(fact.sequence), 0)`,
  'every key has its fact or its outcome': `
    select key.bucket, key.slot from balance.idempotency as key
    left join balance.facts as fact on fact.bucket = key.bucket and fact.sequence = key.fact_sequence
    where (fact.sequence is null) = (key.outcome is null)`,
  'accounts hold what their open reservations hold': `
    select account.bucket, account.account_id from balance.accounts as account
    left join balance.reservations as reservation
      on reservation.bucket = account.bucket and reservation.account_id = account.account_id
      and reservation.status = 1
    group by account.bucket, account.account_id
    having account.held <> coalesce(sum(reservation.amount), 0)
      or (account.next_expiry_at_ms is null) <> (count(reservation.amount) = 0)
      or account.next_expiry_at_ms > min(reservation.expires_at_ms)`,
  'active pots hold what their seats put in': `
    select pot.bucket, pot.table_id, pot.hand_id from balance.pots as pot
    join balance.accounts as account
      on account.bucket = pot.bucket
      and account.account_id = '@pot/' || pot.table_id || '/' || pot.hand_id || '/' || pot.currency
    cross join lateral (
      select sum((seat ->> 'contributed')::bigint - (seat ->> 'returned')::bigint) as total
      from jsonb_array_elements(pot.seats::jsonb) as seat
    ) as seats
    where account.balance <> case when pot.status = 1 then seats.total else 0 end`,
};

/** What is wrong with the stored books, one line a kind of fault; nothing when all is right. */
export async function faultsOf(superuser: Pool): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const [rule, statement] of Object.entries(CHECKS)) {
    const { rows } = await superuser.query(statement);
    if (rows.length > 0) faults.push(`${rule}: ${rows.length} broken`);
  }
  return faults;
}
