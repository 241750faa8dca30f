-- The schema of the first release as PostgreSQL dumps it, with the record of its migrations. Never to be changed: every
-- later release must be able to start from here.

CREATE SCHEMA balance;

CREATE SCHEMA ledger;

CREATE FUNCTION balance.write_batch(head_buckets smallint[], head_expected bigint[], head_expected_writes bigint[], head_next bigint[], head_committed_at_ms bigint[], head_writes bigint[], opened_accounts jsonb, changed_profiles jsonb, acc_buckets smallint[], acc_ids text[], acc_expected_versions bigint[], acc_versions bigint[], acc_balances bigint[], acc_held bigint[], acc_sequences bigint[], acc_checksums bytea[], acc_updated_at_ms bigint[], fact_buckets smallint[], fact_sequences bigint[], fact_kinds smallint[], fact_committed_at_ms bigint[], fact_home_buckets smallint[], fact_home_sequences bigint[], fact_leg_buckets text[], fact_leg_sequences text[], fact_keys text[], fact_data text[], entry_buckets smallint[], entry_accounts text[], entry_sequences bigint[], entry_amounts bigint[], entry_balances bigint[], entry_facts bigint[], entry_ordinals smallint[], entry_checksums bytea[], entry_transactions integer[], entry_currencies text[], entry_hash_version smallint, key_buckets smallint[], key_slots uuid[], key_fingerprints bytea[], key_facts bigint[], key_outcomes text[], key_expires_at_ms bigint, reversal_buckets smallint[], reversal_facts bigint[], reversal_totals bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
declare
  affected bigint;
begin
  -- The heads: still where the decisions were made? Locked first and compared then: a comparison in the locking
  -- query would look at what was committed before the wait.
  select count(*) into affected
  from (
    select head.bucket, head.sequence, head.write_id from balance.heads as head
    where head.bucket = any (head_buckets)
    order by head.bucket
    for update
  ) as locked
  join unnest(head_buckets, head_expected, head_expected_writes) as wanted(bucket, expected, write_id)
    on wanted.bucket = locked.bucket and wanted.expected = locked.sequence
    and wanted.write_id is not distinct from locked.write_id;
  if affected <> cardinality(head_buckets) then
    raise exception 'a head has moved' using errcode = 'SY001';
  end if;

  -- Every transaction sums to zero in every currency.
  if exists (
    select 1 from unnest(entry_transactions, entry_currencies, entry_amounts) as entry(transaction, currency, amount)
    group by entry.transaction, entry.currency having sum(entry.amount) <> 0
  ) then
    raise exception 'a transaction does not balance' using errcode = 'SY002';
  end if;

  if jsonb_array_length(opened_accounts) > 0 then
    insert into balance.accounts
    select * from jsonb_populate_recordset(null::balance.accounts, opened_accounts);
  end if;

  if cardinality(acc_buckets) > 0 then
    update balance.accounts as account
    set balance = changed.balance, held = changed.held, version = changed.version,
        sequence = changed.sequence, checksum = changed.checksum, updated_at_ms = changed.updated_at_ms
    from unnest(acc_buckets, acc_ids, acc_expected_versions, acc_versions, acc_balances, acc_held, acc_sequences,
                acc_checksums, acc_updated_at_ms)
      as changed(bucket, account_id, expected_version, version, balance, held, sequence, checksum, updated_at_ms)
    where account.bucket = changed.bucket and account.account_id = changed.account_id collate "C"
      and account.version = changed.expected_version;
    get diagnostics affected = row_count;
    if affected <> cardinality(acc_buckets) then
      raise exception 'an account has moved' using errcode = 'SY001';
    end if;
  end if;

  -- Limits and balance of one account in one statement: in between, neither the old limits with the new balance nor
  -- the new limits with the old balance need be allowed.
  if jsonb_array_length(changed_profiles) > 0 then
    update balance.accounts as account
    set balance = profile.balance, held = profile.held, version = profile.version, sequence = profile.sequence,
        checksum = profile.checksum, updated_at_ms = profile.updated_at_ms,
        status = profile.status, credit_limit = profile.credit_limit, minimum_hold = profile.minimum_hold,
        max_balance = profile.max_balance, warning_threshold = profile.warning_threshold,
        critical_threshold = profile.critical_threshold, tier = profile.tier, holder_id = profile.holder_id,
        agent_id = profile.agent_id, metadata = profile.metadata
    from jsonb_array_elements(changed_profiles) as changed(members),
         jsonb_populate_record(null::balance.accounts, changed.members) as profile
    where account.bucket = profile.bucket and account.account_id = profile.account_id
      and account.version = (changed.members ->> 'expected_version')::bigint;
    get diagnostics affected = row_count;
    if affected <> jsonb_array_length(changed_profiles) then
      raise exception 'an account has moved' using errcode = 'SY001';
    end if;
  end if;

  insert into balance.facts (bucket, sequence, kind, committed_at_ms, home_bucket, home_sequence,
                             leg_buckets, leg_sequences, idempotency_key, data)
  select fact.bucket, fact.sequence, fact.kind, fact.committed_at_ms, fact.home_bucket, fact.home_sequence,
         fact.leg_buckets::smallint[], fact.leg_sequences::bigint[], fact.idempotency_key, fact.data
  from unnest(fact_buckets, fact_sequences, fact_kinds, fact_committed_at_ms, fact_home_buckets,
              fact_home_sequences, fact_leg_buckets, fact_leg_sequences, fact_keys, fact_data)
    as fact(bucket, sequence, kind, committed_at_ms, home_bucket, home_sequence, leg_buckets, leg_sequences,
            idempotency_key, data);

  insert into ledger.entries (bucket, account_id, sequence, amount, balance_after, fact_sequence, ordinal,
                              hash_version, checksum)
  select entry.bucket, entry.account_id, entry.sequence, entry.amount, entry.balance_after, entry.fact_sequence,
         entry.ordinal, entry_hash_version, entry.checksum
  from unnest(entry_buckets, entry_accounts, entry_sequences, entry_amounts, entry_balances, entry_facts,
              entry_ordinals, entry_checksums)
    as entry(bucket, account_id, sequence, amount, balance_after, fact_sequence, ordinal, checksum);

  insert into balance.idempotency (bucket, slot, fingerprint, fact_sequence, outcome, expires_at_ms)
  select decided.bucket, decided.slot, decided.fingerprint, decided.fact_sequence, decided.outcome,
         key_expires_at_ms
  from unnest(key_buckets, key_slots, key_fingerprints, key_facts, key_outcomes)
    as decided(bucket, slot, fingerprint, fact_sequence, outcome);

  if cardinality(reversal_buckets) > 0 then
    insert into balance.reversals as known (bucket, fact_sequence, reversed)
    select * from unnest(reversal_buckets, reversal_facts, reversal_totals)
    on conflict (bucket, fact_sequence) do update set reversed = excluded.reversed
    where excluded.reversed > known.reversed;
  end if;

  -- Last, so that no index entry of the small, hot table is made for a batch that fails above.
  update balance.heads as head
  set sequence = moved.next, committed_at_ms = moved.committed_at_ms, write_id = moved.write_id
  from unnest(head_buckets, head_expected, head_next, head_committed_at_ms, head_writes)
    as moved(bucket, expected, next, committed_at_ms, write_id)
  where head.bucket = moved.bucket and moved.next > moved.expected;
end
$$;

CREATE TABLE balance.accounts (
    balance bigint NOT NULL,
    held bigint NOT NULL,
    version bigint NOT NULL,
    sequence bigint NOT NULL,
    credit_limit bigint,
    minimum_hold bigint NOT NULL,
    max_balance bigint,
    warning_threshold bigint,
    critical_threshold bigint,
    created_at_ms bigint NOT NULL,
    updated_at_ms bigint NOT NULL,
    bucket smallint NOT NULL,
    status smallint NOT NULL,
    account_id text NOT NULL COLLATE pg_catalog."C",
    currency text NOT NULL COLLATE pg_catalog."C",
    checksum bytea NOT NULL,
    tier text,
    holder_id text COLLATE pg_catalog."C",
    agent_id text COLLATE pg_catalog."C",
    metadata text NOT NULL,
    CONSTRAINT accounts_status_check CHECK (((status >= 1) AND (status <= 3))),
    CONSTRAINT balance_in_range CHECK (((balance >= '-9007199254740991'::bigint) AND (balance <= '9007199254740991'::bigint))),
    CONSTRAINT held_not_negative CHECK ((held >= 0)),
    CONSTRAINT no_overdraft CHECK (((credit_limit IS NULL) OR ((((balance + credit_limit) - held) - minimum_hold) >= 0)))
)
WITH (fillfactor='70');

CREATE TABLE balance.deployment (
    only_row boolean NOT NULL,
    buckets smallint NOT NULL,
    default_currency text NOT NULL,
    CONSTRAINT deployment_buckets_check CHECK (((buckets >= 1) AND (buckets <= 4096))),
    CONSTRAINT deployment_only_row_check CHECK (only_row)
);

CREATE TABLE balance.facts (
    sequence bigint NOT NULL,
    committed_at_ms bigint NOT NULL,
    home_sequence bigint,
    bucket smallint NOT NULL,
    kind smallint NOT NULL,
    home_bucket smallint,
    leg_buckets smallint[],
    leg_sequences bigint[],
    idempotency_key text,
    data text NOT NULL
);

CREATE TABLE balance.heads (
    bucket smallint NOT NULL,
    sequence bigint NOT NULL,
    committed_at_ms bigint NOT NULL,
    write_id bigint,
    CONSTRAINT head_is_current CHECK ((sequence >= 0))
)
WITH (fillfactor='25');

CREATE TABLE balance.idempotency (
    fact_sequence bigint,
    expires_at_ms bigint NOT NULL,
    slot uuid NOT NULL,
    bucket smallint NOT NULL,
    fingerprint bytea NOT NULL,
    outcome text
);

CREATE TABLE balance.migrations (
    id integer NOT NULL,
    "timestamp" bigint NOT NULL,
    name character varying NOT NULL
);

CREATE SEQUENCE balance.migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE balance.migrations_id_seq OWNED BY balance.migrations.id;

CREATE TABLE balance.reversals (
    fact_sequence bigint NOT NULL,
    reversed bigint NOT NULL,
    bucket smallint NOT NULL,
    CONSTRAINT reversals_reversed_check CHECK ((reversed > 0))
);

CREATE TABLE ledger.entries (
    sequence bigint NOT NULL,
    amount bigint NOT NULL,
    balance_after bigint NOT NULL,
    fact_sequence bigint NOT NULL,
    bucket smallint NOT NULL,
    ordinal smallint NOT NULL,
    hash_version smallint NOT NULL,
    account_id text NOT NULL COLLATE pg_catalog."C",
    checksum bytea NOT NULL,
    CONSTRAINT entries_amount_check CHECK ((amount <> 0)),
    CONSTRAINT entries_balance_after_check CHECK (((balance_after >= '-9007199254740991'::bigint) AND (balance_after <= '9007199254740991'::bigint))),
    CONSTRAINT entries_checksum_check CHECK ((octet_length(checksum) = 32))
);

CREATE TABLE ledger.migrations (
    id integer NOT NULL,
    "timestamp" bigint NOT NULL,
    name character varying NOT NULL
);

CREATE SEQUENCE ledger.migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE ledger.migrations_id_seq OWNED BY ledger.migrations.id;

CREATE TABLE ledger.verification_failures (
    bucket smallint NOT NULL,
    walk bigint NOT NULL,
    account_id text NOT NULL COLLATE pg_catalog."C",
    fact_sequence bigint NOT NULL,
    sequence bigint NOT NULL,
    entry_id text NOT NULL,
    reason text NOT NULL,
    is_drifted boolean NOT NULL,
    found_at_ms bigint NOT NULL
);

CREATE TABLE ledger.verification_walk (
    only_row boolean NOT NULL,
    walk bigint NOT NULL,
    started_at_ms bigint NOT NULL,
    step text NOT NULL,
    bucket smallint NOT NULL,
    account_id text NOT NULL COLLATE pg_catalog."C",
    fact_sequence bigint NOT NULL,
    proven_sequence bigint,
    proven_balance bigint,
    proven_checksum text,
    accounts_checked bigint NOT NULL,
    entries_checked bigint NOT NULL,
    verified_up_to_ms bigint,
    CONSTRAINT proven_wholly CHECK ((num_nulls(proven_sequence, proven_balance, proven_checksum) = ANY (ARRAY[0, 3]))),
    CONSTRAINT verification_walk_only_row_check CHECK (only_row),
    CONSTRAINT verification_walk_step_check CHECK ((step = ANY (ARRAY['accounts'::text, 'facts'::text])))
);

ALTER TABLE ONLY balance.migrations ALTER COLUMN id SET DEFAULT nextval('balance.migrations_id_seq'::regclass);

ALTER TABLE ONLY ledger.migrations ALTER COLUMN id SET DEFAULT nextval('ledger.migrations_id_seq'::regclass);

INSERT INTO balance.migrations VALUES (1, 1, 'MoneyCore-0000000000001');

INSERT INTO ledger.migrations VALUES (1, 1, 'Verification-0000000000001');

SELECT pg_catalog.setval('balance.migrations_id_seq', 1, true);

SELECT pg_catalog.setval('ledger.migrations_id_seq', 1, true);

ALTER TABLE ONLY balance.migrations
    ADD CONSTRAINT "PK_8c82d7f526340ab734260ea46be" PRIMARY KEY (id);

ALTER TABLE ONLY balance.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (bucket, account_id);

ALTER TABLE ONLY balance.deployment
    ADD CONSTRAINT deployment_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY balance.facts
    ADD CONSTRAINT facts_pkey PRIMARY KEY (bucket, sequence);

ALTER TABLE ONLY balance.heads
    ADD CONSTRAINT heads_pkey PRIMARY KEY (bucket);

ALTER TABLE ONLY balance.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (bucket, slot);

ALTER TABLE ONLY balance.reversals
    ADD CONSTRAINT reversals_pkey PRIMARY KEY (bucket, fact_sequence);

ALTER TABLE ONLY ledger.migrations
    ADD CONSTRAINT "PK_8c82d7f526340ab734260ea46be" PRIMARY KEY (id);

ALTER TABLE ONLY ledger.entries
    ADD CONSTRAINT entries_pkey PRIMARY KEY (bucket, account_id, sequence);

ALTER TABLE ONLY ledger.verification_failures
    ADD CONSTRAINT verification_failures_pkey PRIMARY KEY (bucket, walk, account_id, fact_sequence);

ALTER TABLE ONLY ledger.verification_walk
    ADD CONSTRAINT verification_walk_pkey PRIMARY KEY (only_row);

CREATE INDEX accounts_by_holder ON balance.accounts USING btree (holder_id, account_id) WHERE (holder_id IS NOT NULL);

CREATE INDEX idempotency_by_expiry ON balance.idempotency USING brin (expires_at_ms) WITH (pages_per_range='16');

CREATE INDEX entries_by_fact ON ledger.entries USING btree (bucket, fact_sequence);
