export const CREATE_VERIFICATION = `
-- How far the background walk over all accounts and facts came.
create table ledger.verification_walk (
  only_row boolean primary key check (only_row),
  -- Counts walks, from 1.
  walk bigint not null,
  started_at_ms bigint not null,
  step text not null check (step in ('accounts', 'facts')),
  bucket smallint not null,
  -- The last account looked at; empty before the first of the bucket.
  account_id text collate "C" not null,
  -- The last fact looked at, when the step is facts.
  fact_sequence bigint not null,
  -- How far that account's chain is proven, when it was too long to be finished in one piece.
  proven_sequence bigint,
  proven_balance bigint,
  proven_checksum text,
  accounts_checked bigint not null,
  entries_checked bigint not null,
  -- When the last complete walk began.
  verified_up_to_ms bigint,
  constraint proven_wholly check (num_nulls(proven_sequence, proven_balance, proven_checksum) in (0, 3))
);

-- What the last complete walk and the one in progress found wrong.
create table ledger.verification_failures (
  bucket smallint not null,
  walk bigint not null,
  account_id text collate "C" not null,
  -- The fact at fault, 0 when the account's chain is.
  fact_sequence bigint not null,
  -- The first bad entry of the account, 0 when none can be named.
  sequence bigint not null,
  entry_id text not null,
  reason text not null,
  -- The stored balance differs from the last entry's.
  is_drifted boolean not null,
  found_at_ms bigint not null,
  primary key (bucket, walk, account_id, fact_sequence)
);
`;

/** What the app's role may do with them. */
export const VERIFICATION_GRANTS = [
  'select, insert, update on ledger.verification_walk',
  'select, insert, delete on ledger.verification_failures',
];
