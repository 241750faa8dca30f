/**
 * Reads of accounts for those who look at them. They lock nothing. The posting path reads what is stored and ends
 * what is due itself; here `held` is by the clock: without the reservations whose time is over and that nobody has
 * ended yet. They are asked for only when next_expiry_at_ms says that there may be some; index: reservations_open.
 */
const COLUMNS_BY_CLOCK = `
  account.bucket, account.account_id, account.currency, account.balance,
  case when account.next_expiry_at_ms <= $1 then account.held - (
    select coalesce(sum(due.amount), 0)::bigint from balance.reservations as due
    where due.bucket = account.bucket and due.account_id = account.account_id
      and due.status = 1 and due.expires_at_ms <= $1
  ) else account.held end as held,
  account.next_expiry_at_ms, account.version, account.sequence, encode(account.checksum, 'hex') as checksum,
  account.status, account.credit_limit, account.minimum_hold, account.max_balance, account.warning_threshold,
  account.critical_threshold, account.tier, account.holder_id, account.agent_id, account.metadata,
  account.created_at_ms, account.updated_at_ms`;

/** Index: the primary key. */
export const READ_ACCOUNTS_BY_CLOCK = {
  name: 'read_accounts_by_clock',
  text: `select ${COLUMNS_BY_CLOCK}
         from unnest($2::smallint[], $3::text[]) as wanted(bucket, account_id)
         join balance.accounts as account
           on account.bucket = wanted.bucket and account.account_id = wanted.account_id collate "C"`,
};

/** Index: accounts_by_holder. A holder has an account a currency, so that the limit is never met in earnest. */
export const READ_ACCOUNTS_OF_HOLDER = {
  name: 'read_accounts_of_holder_by_clock',
  text: `select ${COLUMNS_BY_CLOCK} from balance.accounts as account
         where account.holder_id = $2 order by account.account_id limit 1000`,
};
