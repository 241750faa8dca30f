/**
 * What balances by the effective clock are computed from: entries whose metadata says when they took effect, and
 * sums of them. Derived from the facts alone: emptied, with the inbox set back, they come again as they were.
 */
export const CREATE_EFFECTIVE_TIMES = `
-- One row a dated entry, with the sums over its chain's dated entries up to it. The sums may pass the bounds that
-- balances have: what was paid in is dated, what went out again need not be.
create table ledger.effective_entries (
  sequence bigint not null,
  effective_at_ms bigint not null,
  amount bigint not null,
  -- Dated entries of the chain up to this one, and their amount.
  total_entries bigint not null,
  bucket smallint not null,
  account_id text collate "C" not null,
  total_amount numeric(30, 0) not null,
  primary key (bucket, account_id, sequence)
);

-- Dated entries by the time that they took effect. Windows of level n last 256^n milliseconds.
create table ledger.effective_windows (
  -- Effective time divided by the length of the level's windows, rounded down.
  number bigint not null,
  entries bigint not null,
  bucket smallint not null,
  level smallint not null,
  account_id text collate "C" not null,
  amount numeric(30, 0) not null,
  primary key (bucket, account_id, level, number)
) with (fillfactor = 80);
`;

/** What the app's role may do with them. */
export const EFFECTIVE_TIMES_GRANTS = [
  'select, insert, update on ledger.effective_entries, ledger.effective_windows',
];
