export const CREATE_AUDIT = `
-- Where each bucket's chain of audit records ends. Whoever adds records holds the row.
create table ledger.audit_heads (
  bucket smallint primary key,
  sequence bigint not null,
  -- Of the last record.
  checksum bytea not null
) with (fillfactor = 50);

-- Who did what to which account. Records about an account are in its bucket, those about none in bucket 0. What a
-- record is found by is in columns and nowhere else; the text under the checksum is put together from them and
-- the content, so that a changed column breaks the chain like a changed content.
create table ledger.audit_records (
  -- Gapless per bucket, from 1.
  sequence bigint not null,
  at_ms bigint not null,
  record_id uuid not null,
  bucket smallint not null,
  hash_version smallint not null,
  -- Recorded by an event id, not from a fact.
  is_event boolean not null,
  checksum bytea not null check (octet_length(checksum) = 32),
  action text collate "C" not null,
  account_id text collate "C",
  agent_id text collate "C",
  -- JSON object.
  content text not null,
  primary key (bucket, sequence)
);

-- Newest first of one account: a stretch of this index.
create index audit_records_by_account on ledger.audit_records (bucket, account_id, at_ms, sequence)
  where account_id is not null;
-- Newest first over all buckets, of one agent and of everybody. The time leads and the bucket only makes the order
-- complete: beginning with the bucket, every page would be merged from as many index scans as there are buckets.
create index audit_records_by_agent on ledger.audit_records (agent_id, at_ms, bucket, sequence)
  where agent_id is not null;
create index audit_records_by_time on ledger.audit_records (at_ms, bucket, sequence);
create unique index audit_records_once on ledger.audit_records (bucket, record_id) where is_event;

-- What identifies a person. The record's content has a salted digest of it. Erased: salt and data are gone, the row
-- says when.
create table ledger.audit_personal (
  sequence bigint not null,
  erased_at_ms bigint,
  bucket smallint not null,
  performed_by text collate "C",
  account_id text collate "C",
  salt bytea,
  data text,
  primary key (bucket, sequence),
  constraint erased_wholly check (num_nulls(salt, data) in (0, 2) and (erased_at_ms is null) = (data is not null))
);

create index audit_personal_by_performer on ledger.audit_personal (performed_by) where data is not null;
create index audit_personal_by_account on ledger.audit_personal (account_id) where data is not null;
`;

/** What the app's role may do with them: it adds records and never changes one. */
export const AUDIT_GRANTS = [
  'select, insert, update on ledger.audit_heads',
  'select, insert on ledger.audit_records',
  'select, insert, update on ledger.audit_personal',
];
