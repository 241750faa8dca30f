/** A row a bucket, so that buckets are applied side by side without waiting for each other's rows. */
export const CREATE_SUPPLY = `
-- What transactions of a type moved in a UTC day on accounts of a kind; made of facts, and of nothing else.
create table analytics.supply_daily (
  bucket smallint not null,
  currency text collate "C" not null,
  day date not null,
  type text collate "C" not null,
  kind text collate "C" not null,
  entries bigint not null,
  -- Sums: they may be larger than any amount.
  amount_in numeric(38, 0) not null check (amount_in >= 0),
  amount_out numeric(38, 0) not null check (amount_out >= 0),
  primary key (bucket, currency, day, type, kind)
);

create index supply_by_currency on analytics.supply_daily (currency, type, kind)
  include (entries, amount_in, amount_out);
`;

/** What the app's role may do with it. */
export const SUPPLY_GRANTS = ['select, insert, update on analytics.supply_daily'];
