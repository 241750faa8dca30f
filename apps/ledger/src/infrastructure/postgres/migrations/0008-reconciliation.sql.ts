export const CREATE_RECONCILIATION = `
-- How far the background reconciliation of all accounts came.
create table ledger.reconciliation_walk (
  only_row boolean primary key check (only_row),
  -- Counts rounds over all accounts, from 1.
  round bigint not null,
  -- When the round began, or will begin at the earliest.
  started_at_ms bigint not null,
  bucket smallint not null,
  -- The last account looked at; empty before the first of the bucket.
  account_id text collate "C" not null,
  accounts_checked bigint not null,
  drifted bigint not null,
  repaired bigint not null,
  -- The last round that was finished.
  completed_started_at_ms bigint,
  completed_at_ms bigint,
  completed_accounts_checked bigint,
  completed_drifted bigint,
  completed_repaired bigint,
  constraint completed_wholly check (num_nulls(completed_started_at_ms, completed_at_ms,
    completed_accounts_checked, completed_drifted, completed_repaired) in (0, 5))
);
`;

/** What the app's role may do with it. */
export const RECONCILIATION_GRANTS = ['select, insert, update on ledger.reconciliation_walk'];
