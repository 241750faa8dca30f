export const CREATE_AUDIT_VERIFICATION = `
-- How far the background walk over all chains of the audit trail came.
create table ledger.audit_verification (
  only_row boolean primary key check (only_row),
  -- When the walk in progress began.
  started_at_ms bigint not null,
  -- Its next place, as a cursor; empty at the beginning.
  cursor text not null,
  records_checked bigint not null,
  -- When the last complete walk began.
  verified_up_to_ms bigint
);

-- Through which record each bucket's chain was verified as it came in. It never goes back: a chain that is shorter
-- or another one now was cut off or written anew.
create table ledger.audit_verified (
  sequence bigint not null check (sequence > 0),
  bucket smallint primary key,
  checksum bytea not null check (octet_length(checksum) = 32)
) with (fillfactor = 50);

-- Whose personal data were erased, and when for the last time: what of them arrives late is not kept.
create table ledger.audit_erasures (
  -- SHA-256: nobody needs a list of names.
  subject_hash bytea primary key check (octet_length(subject_hash) = 32),
  erased_at_ms bigint not null
);

-- A fault of the audit trail is an incident of its own beside one of the same bucket's entries or seals.
drop index ledger.incidents_open;
create unique index incidents_open on ledger.incidents (bucket, account_id, type, (found_by = 'audit'))
  where resolved_at_ms is null;
`;

/** What the app's role may do with them. */
export const AUDIT_VERIFICATION_GRANTS = [
  'select, insert, update on ledger.audit_verification, ledger.audit_verified, ledger.audit_erasures',
];
