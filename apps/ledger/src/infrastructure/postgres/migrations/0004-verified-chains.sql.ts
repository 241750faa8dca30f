export const CREATE_VERIFIED_CHAINS = `
-- How far each bucket's facts are verified, and the rotation over the ends of its accounts.
create table ledger.verified_buckets (
  -- Every fact through this one is verified.
  fact_sequence bigint not null check (fact_sequence >= 0),
  -- When the rotation in progress began; null between two.
  rotation_started_at_ms bigint,
  rotation_due_at_ms bigint not null,
  bucket smallint primary key,
  -- The last account that the rotation looked at; empty before the first.
  rotation_account_id text collate "C" not null
) with (fillfactor = 25);

-- How far each chain is proven. What a chain was when it was proven, it has to stay.
create table ledger.verified_chains (
  sequence bigint not null check (sequence >= 0),
  balance bigint not null,
  -- Of a chain that was found wrong: the place from which it has to be proven again, and when that was tried last.
  restart_sequence bigint,
  restart_balance bigint,
  retried_at_ms bigint,
  bucket smallint not null,
  account_id text collate "C" not null,
  -- Of the entry at sequence; empty before the first.
  checksum bytea not null,
  restart_checksum bytea,
  primary key (bucket, account_id),
  constraint restart_wholly check (
    num_nulls(restart_sequence, restart_balance, retried_at_ms, restart_checksum) in (0, 4)
  )
) with (fillfactor = 70);

create index verified_chains_faulty on ledger.verified_chains (bucket, retried_at_ms)
  where restart_sequence is not null;
`;

/** What the app's role may do with them. */
export const VERIFIED_CHAINS_GRANTS = [
  'select, insert, update on ledger.verified_buckets, ledger.verified_chains',
];
