/**
 * Reservations and pots. Only additions: a process of the release before goes on working while this one starts, on
 * the function that it knows.
 */
export const CREATE_HOLDS_AND_POTS = `
-- No open reservation of the account ends before this; null when nothing is held.
alter table balance.accounts add column next_expiry_at_ms bigint;

-- One row a reservation, under the fact that it was held by; it ends once.
create table balance.reservations (
  sequence bigint not null,
  amount bigint not null check (amount > 0),
  captured bigint not null,
  created_at_ms bigint not null,
  expires_at_ms bigint not null,
  resolved_at_ms bigint,
  -- Of the account, right after the last step: the answer to the step.
  balance_after bigint not null,
  available_after bigint not null,
  -- The commit's fact, in the same bucket.
  transaction_sequence bigint,
  bucket smallint not null,
  -- 1 held, 2 committed, 3 released, 4 expired
  status smallint not null check (status between 1 and 4),
  -- 1 world, 2 account, 3 table
  target_kind smallint not null check (target_kind between 1 and 3),
  account_id text collate "C" not null,
  currency text collate "C" not null,
  -- The account or table that a commit moves the funds to.
  target text collate "C",
  reference text,
  metadata text not null,
  primary key (bucket, sequence),
  constraint captured_within_hold check (captured between 0 and amount),
  constraint ended_once check ((status = 1) = (resolved_at_ms is null)),
  constraint committed_by_transaction check ((status = 2) = (transaction_sequence is not null)),
  constraint only_commits_capture check (status = 2 or captured = 0)
) with (fillfactor = 80);

create index reservations_by_account on balance.reservations (bucket, account_id, sequence desc);
-- What is due, of one account and of all. Small: what has ended is in neither.
create index reservations_open on balance.reservations (bucket, account_id, expires_at_ms) where status = 1;
create index reservations_due on balance.reservations (expires_at_ms) where status = 1;

-- One row a hand: who put in what, and how it ended.
create table balance.pots (
  rake bigint not null check (rake >= 0),
  -- Grows by one with every change of the row.
  version bigint not null,
  created_at_ms bigint not null,
  updated_at_ms bigint not null,
  bucket smallint not null,
  -- 1 active, 2 settled, 3 cancelled
  status smallint not null check (status between 1 and 3),
  table_id text collate "C" not null,
  hand_id text collate "C" not null,
  currency text collate "C" not null,
  -- Canonical JSON: a list of seats.
  seats text not null,
  primary key (bucket, table_id, hand_id)
) with (fillfactor = 60);
`;
