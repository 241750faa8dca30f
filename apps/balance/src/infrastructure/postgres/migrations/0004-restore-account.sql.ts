/**
 * The one way to change stored state other than by posting: what somebody changed past the platform is put back to
 * what the account's entries and open reservations say. The service's role cannot write such a row itself, and this
 * function takes no balance from its caller: it reads the truth under the lock that every writer takes. It adds a
 * fact and moves the head with a new write, so that every process that decided on what it remembered of the bucket
 * finds out and reads again. Entries are never touched.
 *
 * The caller has recomputed the checksums up to the proven entry; from there on the function looks at the entries
 * that have come since, bounded by `tail_max`, because it holds the lock meanwhile: SY005 asks for a later proof.
 * SY003: the ledger does not agree with itself, or the row is gone, and nothing may be derived from it. SY004: no
 * such account. A row that breaks the account's limits is refused by CHECK no_overdraft.
 *
 * Locks: the head of the bucket. Indexes: the primary keys and reservations_open. READ COMMITTED: what follows the
 * wait for the head sees what its last holder wrote.
 */
export const CREATE_RESTORE_ACCOUNT = `
create function balance.restore_account(
  in_bucket smallint, in_account text, proven_sequence bigint, proven_balance bigint, proven_checksum bytea,
  performed_by text, reason text, at_ms bigint, next_write_id bigint, tail_max bigint
) returns table (
  fact_sequence bigint, fact_committed_at_ms bigint,
  found_balance bigint, found_held bigint, found_sequence bigint, found_checksum text,
  expected_balance bigint, expected_held bigint, expected_sequence bigint, expected_checksum text
)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  head balance.heads;
  stored balance.accounts;
  has_row boolean;
  last_sequence bigint := 0;
  last_balance bigint := 0;
  last_checksum bytea := '';
  tail_length bigint;
  tail_holds boolean;
  open_amount bigint;
  open_expiry_at_ms bigint;
begin
  select * into head from balance.heads as known where known.bucket = in_bucket for update;
  if not found then
    raise exception 'there is no bucket %', in_bucket using errcode = 'SY004';
  end if;

  select entry.sequence, entry.balance_after, entry.checksum into last_sequence, last_balance, last_checksum
  from ledger.entries as entry
  where entry.bucket = in_bucket and entry.account_id = in_account collate "C"
  order by entry.sequence desc limit 1;
  if not found then
    last_sequence := 0;
    last_balance := 0;
    last_checksum := '';
  end if;

  select * into stored from balance.accounts as account
  where account.bucket = in_bucket and account.account_id = in_account collate "C";
  has_row := found;
  if not has_row and last_sequence = 0 then
    raise exception 'account % does not exist', in_account using errcode = 'SY004';
  end if;
  if not has_row then
    raise exception 'the row of account % is gone, and no entry says what its status and limits were', in_account
      using errcode = 'SY003';
  end if;

  if proven_sequence = 0 then
    if proven_balance <> 0 or proven_checksum <> '' then
      raise exception 'nothing is proven before the first entry' using errcode = 'SY003';
    end if;
  elsif not exists (
    select from ledger.entries as entry
    where entry.bucket = in_bucket and entry.account_id = in_account collate "C"
      and entry.sequence = proven_sequence and entry.balance_after = proven_balance
      and entry.checksum = proven_checksum
  ) then
    raise exception 'entry % of account % is not what was proven', proven_sequence, in_account
      using errcode = 'SY003';
  end if;

  if last_sequence - proven_sequence > tail_max then
    raise exception 'more than % entries came after entry %', tail_max, proven_sequence using errcode = 'SY005';
  end if;
  select count(*), coalesce(bool_and(tail.sequence = tail.sequence_before + 1
                                     and tail.balance_after = tail.balance_before + tail.amount), true)
  into tail_length, tail_holds
  from (
    select entry.sequence, entry.amount, entry.balance_after,
           lag(entry.sequence, 1, proven_sequence) over (order by entry.sequence) as sequence_before,
           lag(entry.balance_after, 1, proven_balance) over (order by entry.sequence) as balance_before
    from ledger.entries as entry
    where entry.bucket = in_bucket and entry.account_id = in_account collate "C"
      and entry.sequence > proven_sequence
  ) as tail;
  if not tail_holds or tail_length <> last_sequence - proven_sequence then
    raise exception 'the entries of account % after entry % are no chain', in_account, proven_sequence
      using errcode = 'SY003';
  end if;

  -- The row is a witness: it holds the checksum of the last entry that it knew. When that is not in the chain,
  -- entries were removed or replaced, and restoring the row would destroy what tells so.
  if stored.checksum <> last_checksum and not (stored.sequence = 0 and stored.checksum = '') and not exists (
    select from ledger.entries as entry
    where entry.bucket = in_bucket and entry.account_id = in_account collate "C"
      and entry.sequence = stored.sequence and entry.checksum = stored.checksum
  ) then
    raise exception 'the row of account % knows an entry that is not in its chain', in_account
      using errcode = 'SY003';
  end if;

  select coalesce(sum(reservation.amount), 0)::bigint, min(reservation.expires_at_ms) into open_amount, open_expiry_at_ms
  from balance.reservations as reservation
  where reservation.bucket = in_bucket and reservation.account_id = in_account collate "C"
    and reservation.status = 1;

  found_balance := stored.balance;
  found_held := stored.held;
  found_sequence := stored.sequence;
  found_checksum := encode(stored.checksum, 'hex');
  expected_balance := last_balance;
  expected_held := open_amount;
  expected_sequence := last_sequence;
  expected_checksum := encode(last_checksum, 'hex');

  if stored.balance = last_balance and stored.held = open_amount and stored.sequence = last_sequence
     and stored.checksum = last_checksum
     and (stored.next_expiry_at_ms is null) = (open_expiry_at_ms is null)
     and coalesce(stored.next_expiry_at_ms <= open_expiry_at_ms, true) then
    return next;
    return;
  end if;

  -- Commit times never go back within a bucket, whatever the clock does.
  fact_sequence := head.sequence + 1;
  fact_committed_at_ms := greatest(at_ms, head.committed_at_ms);

  update balance.accounts as account
  set balance = last_balance, held = open_amount, next_expiry_at_ms = open_expiry_at_ms,
      sequence = last_sequence, checksum = last_checksum, version = stored.version + 1,
      updated_at_ms = fact_committed_at_ms
  where account.bucket = in_bucket and account.account_id = in_account collate "C";

  -- Canonical JSON: no spaces, members in the order of their names. to_json escapes texts as RFC 8785 does.
  insert into balance.facts (bucket, sequence, kind, committed_at_ms, data)
  values (in_bucket, fact_sequence, 104, fact_committed_at_ms, format(
    '{"accountId":%s,"expected":{"balance":"%s","checksum":"%s","held":"%s","sequence":"%s"},'
    '"found":{"balance":"%s","checksum":"%s","held":"%s","sequence":"%s"},"performedBy":%s,"reason":%s}',
    to_json(in_account), expected_balance, expected_checksum, expected_held, expected_sequence,
    found_balance, found_checksum, found_held, found_sequence, to_json(performed_by), to_json(reason)));

  update balance.heads as moved
  set sequence = fact_sequence, committed_at_ms = fact_committed_at_ms, write_id = next_write_id
  where moved.bucket = in_bucket;
  return next;
end
$$;

revoke all on function balance.restore_account from public;
`;
