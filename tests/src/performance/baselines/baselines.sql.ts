/** What a service would write by hand: balances, transactions and entries, no chain, no idempotency. */
export const CREATE_NAIVE = `
  create schema naive;
  create table naive.accounts (id int primary key, balance bigint not null) with (fillfactor = 70);
  create table naive.transactions (
    id bigint generated always as identity primary key,
    created_at timestamptz not null default now()
  );
  create table naive.entries (
    id bigint generated always as identity primary key,
    transaction_id bigint not null references naive.transactions,
    account_id int not null references naive.accounts,
    amount bigint not null,
    balance_after bigint not null
  );
  create index on naive.entries (account_id, id)`;
export const FILL_NAIVE =
  'insert into naive.accounts select id, 1000000000 from generate_series(1, $1::int) as id';

/** Both rows, always in the same order: two transfers between the same accounts must not deadlock. */
export const NAIVE_LOCK = {
  name: 'naive_lock',
  text: 'select id, balance from naive.accounts where id in ($1, $2) order by id for update',
};
export const NAIVE_UPDATE = {
  name: 'naive_update',
  text: 'update naive.accounts set balance = balance + $2 where id = $1 returning balance',
};
export const NAIVE_TRANSACTION = {
  name: 'naive_transaction',
  text: 'insert into naive.transactions default values returning id',
};
export const NAIVE_ENTRIES = {
  name: 'naive_entries',
  text: `insert into naive.entries (transaction_id, account_id, amount, balance_after)
         values ($1, $2, $3, $4), ($1, $5, $6, $7)`,
};

/**
 * A double-entry transfer as a function inside the database, in the manner of ledgers that live there: one round
 * trip, both accounts locked in order, a version an account, balances before and after on both entries.
 */
export const CREATE_TRANSFER_FUNCTION = `
  create schema within;
  create table within.accounts (
    id int primary key, balance bigint not null, version bigint not null, updated_at timestamptz not null
  ) with (fillfactor = 70);
  create table within.transfers (
    id uuid primary key, from_account int not null references within.accounts,
    to_account int not null references within.accounts, amount bigint not null check (amount > 0),
    created_at timestamptz not null, metadata jsonb
  );
  create table within.entries (
    id uuid primary key, account_id int not null references within.accounts,
    transfer_id uuid not null references within.transfers, amount bigint not null,
    balance_before bigint not null, balance_after bigint not null, account_version bigint not null,
    created_at timestamptz not null
  );
  create index on within.entries (account_id);
  create index on within.entries (transfer_id);

  create function within.transfer(payer int, payee int, value bigint) returns uuid language plpgsql as $$
  declare
    transfer_id uuid := gen_random_uuid();
    paid within.accounts;
    received within.accounts;
  begin
    perform id from within.accounts where id in (payer, payee) order by id for update;
    update within.accounts set balance = balance - value, version = version + 1, updated_at = now()
      where id = payer returning * into paid;
    if paid.balance < 0 then
      raise exception 'insufficient balance' using errcode = 'P0001';
    end if;
    update within.accounts set balance = balance + value, version = version + 1, updated_at = now()
      where id = payee returning * into received;
    insert into within.transfers values (transfer_id, payer, payee, value, now(), '{"reason":"order"}');
    insert into within.entries values
      (gen_random_uuid(), payer, transfer_id, -value, paid.balance + value, paid.balance, paid.version, now()),
      (gen_random_uuid(), payee, transfer_id, value, received.balance - value, received.balance, received.version,
       now());
    return transfer_id;
  end
  $$`;

export const FILL_TRANSFER_FUNCTION = `
  insert into within.accounts select id, 1000000000, 0, now() from generate_series(1, $1::int) as id`;

export const CALL_TRANSFER = {
  name: 'call_transfer',
  text: 'select within.transfer($1, $2, $3)',
};

/** The tables of pgbench's TPC-B-like script, filled as `pgbench -i` fills them. */
export const CREATE_TPCB = `
  create table pgbench_branches (bid int primary key, bbalance int, filler char(88)) with (fillfactor = 100);
  create table pgbench_tellers (tid int primary key, bid int, tbalance int, filler char(84)) with (fillfactor = 100);
  create table pgbench_accounts (aid int primary key, bid int, abalance int, filler char(84)) with (fillfactor = 100);
  create table pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22))`;
export const FILL_TPCB = [
  'insert into pgbench_branches (bid, bbalance) select bid, 0 from generate_series(1, $1::int) as bid',
  `insert into pgbench_tellers (tid, bid, tbalance)
   select tid, (tid - 1) / 10 + 1, 0 from generate_series(1, $1::int * 10) as tid`,
  `insert into pgbench_accounts (aid, bid, abalance, filler)
   select aid, (aid - 1) / 100000 + 1, 0, '' from generate_series(1, $1::int * 100000) as aid`,
];

/** The statements of the same script, for a machine without pgbench. */
export const TPCB = {
  account: {
    name: 'tpcb_account',
    text: 'update pgbench_accounts set abalance = abalance + $1 where aid = $2',
  },
  read: { name: 'tpcb_read', text: 'select abalance from pgbench_accounts where aid = $1' },
  teller: { name: 'tpcb_teller', text: 'update pgbench_tellers set tbalance = tbalance + $1 where tid = $2' },
  branch: {
    name: 'tpcb_branch',
    text: 'update pgbench_branches set bbalance = bbalance + $1 where bid = $2',
  },
  history: {
    name: 'tpcb_history',
    text: `insert into pgbench_history (tid, bid, aid, delta, mtime) values ($1, $2, $3, $4, current_timestamp)`,
  },
} as const;
