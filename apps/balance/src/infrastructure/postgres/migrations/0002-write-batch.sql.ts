/**
 * The one way to write money, with reservations and pots: what ended cannot end again, whatever the service does. The service's role may call this function and read the tables, but cannot insert,
 * update or delete: so a transaction that does not balance, a chain with a gap or a batch decided on a stale head
 * cannot be stored, whatever the service does.
 *
 * Locks: the heads of the batch's buckets in bucket order (two batches never deadlock), then rows that only a
 * holder of their head touches. Indexes: the primary keys. READ COMMITTED, where each statement sees what was
 * committed before it: so what follows the wait for the heads sees what their last holder wrote.
 * The planner is told to stay with indexes: its plans are kept for the life of a connection, and one made while
 * the tables were small would scan them when they have grown.
 */
export const CREATE_WRITE_BATCH_2 = `
create function balance.write_batch_2(
  head_buckets smallint[], head_expected bigint[], head_expected_writes bigint[], head_next bigint[],
  head_committed_at_ms bigint[], head_writes bigint[],
  opened_accounts jsonb, changed_profiles jsonb,
  acc_buckets smallint[], acc_ids text[], acc_expected_versions bigint[], acc_versions bigint[],
  acc_balances bigint[], acc_held bigint[], acc_next_expiry_at_ms bigint[], acc_sequences bigint[],
  acc_checksums bytea[], acc_updated_at_ms bigint[],
  fact_buckets smallint[], fact_sequences bigint[], fact_kinds smallint[], fact_committed_at_ms bigint[],
  fact_home_buckets smallint[], fact_home_sequences bigint[], fact_leg_buckets text[], fact_leg_sequences text[],
  fact_keys text[], fact_data text[],
  entry_buckets smallint[], entry_accounts text[], entry_sequences bigint[], entry_amounts bigint[],
  entry_balances bigint[], entry_facts bigint[], entry_ordinals smallint[], entry_checksums bytea[],
  entry_transactions integer[], entry_currencies text[], entry_hash_version smallint,
  key_buckets smallint[], key_slots uuid[], key_fingerprints bytea[], key_facts bigint[], key_outcomes text[],
  key_expires_at_ms bigint,
  reversal_buckets smallint[], reversal_facts bigint[], reversal_totals bigint[],
  new_reservations jsonb, changed_reservations jsonb, new_pots jsonb, changed_pots jsonb,
  pot_expected_versions bigint[]
) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  affected bigint;
  reservation balance.reservations;
  pot balance.pots;
  pot_number integer := 1;
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
    set balance = changed.balance, held = changed.held, next_expiry_at_ms = changed.next_expiry_at_ms,
        version = changed.version, sequence = changed.sequence, checksum = changed.checksum,
        updated_at_ms = changed.updated_at_ms
    from unnest(acc_buckets, acc_ids, acc_expected_versions, acc_versions, acc_balances, acc_held,
                acc_next_expiry_at_ms, acc_sequences, acc_checksums, acc_updated_at_ms)
      as changed(bucket, account_id, expected_version, version, balance, held, next_expiry_at_ms, sequence,
                 checksum, updated_at_ms)
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
    set balance = profile.balance, held = profile.held, next_expiry_at_ms = profile.next_expiry_at_ms,
        version = profile.version, sequence = profile.sequence, checksum = profile.checksum,
        updated_at_ms = profile.updated_at_ms,
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

  if jsonb_array_length(new_reservations) > 0 then
    insert into balance.reservations
    select * from jsonb_populate_recordset(null::balance.reservations, new_reservations);
  end if;

  -- One by one by their keys: a join would be planned while the tables are small, and may begin at the wrong end.
  for reservation in
    select * from jsonb_populate_recordset(null::balance.reservations, changed_reservations)
  loop
    update balance.reservations as stored
    set status = reservation.status, captured = reservation.captured, expires_at_ms = reservation.expires_at_ms,
        resolved_at_ms = reservation.resolved_at_ms, transaction_sequence = reservation.transaction_sequence,
        balance_after = reservation.balance_after, available_after = reservation.available_after
    where stored.bucket = reservation.bucket and stored.sequence = reservation.sequence and stored.status = 1;
    if not found then
      raise exception 'a reservation has ended' using errcode = 'SY001';
    end if;
  end loop;

  if jsonb_array_length(new_pots) > 0 then
    insert into balance.pots select * from jsonb_populate_recordset(null::balance.pots, new_pots);
  end if;

  for pot in select * from jsonb_populate_recordset(null::balance.pots, changed_pots)
  loop
    update balance.pots as stored
    set status = pot.status, seats = pot.seats, rake = pot.rake, version = pot.version,
        updated_at_ms = pot.updated_at_ms
    where stored.bucket = pot.bucket and stored.table_id = pot.table_id and stored.hand_id = pot.hand_id
      and stored.version = pot_expected_versions[pot_number];
    if not found then
      raise exception 'a pot has moved' using errcode = 'SY001';
    end if;
    pot_number := pot_number + 1;
  end loop;

  -- Last, so that no index entry of the small, hot table is made for a batch that fails above.
  update balance.heads as head
  set sequence = moved.next, committed_at_ms = moved.committed_at_ms, write_id = moved.write_id
  from unnest(head_buckets, head_expected, head_next, head_committed_at_ms, head_writes)
    as moved(bucket, expected, next, committed_at_ms, write_id)
  where head.bucket = moved.bucket and moved.next > moved.expected;
end
$$;

revoke all on function balance.write_batch_2 from public;
`;
