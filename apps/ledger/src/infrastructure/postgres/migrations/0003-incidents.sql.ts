export const CREATE_INCIDENTS = `
-- What verification and reconciliation found wrong, and how it ended. There are few, or many alarms.
create table ledger.incidents (
  -- The first bad entry, 0 when none can be named.
  sequence bigint not null,
  found_at_ms bigint not null,
  last_seen_at_ms bigint not null,
  resolved_at_ms bigint,
  -- When the alert about its beginning, and the one about its end, was acknowledged.
  reported_at_ms bigint,
  resolution_reported_at_ms bigint,
  incident_id uuid not null,
  bucket smallint not null,
  type text not null check (type in ('integrity_failure', 'drift')),
  -- Which check found it: the same one may say that it is over.
  found_by text not null,
  -- Empty when it is about no account.
  account_id text collate "C" not null,
  -- Empty when the entry is missing, or none can be named.
  entry_id text not null,
  reason text not null,
  -- JSON objects.
  expected text not null,
  found text not null,
  -- Empty while it is open.
  resolution text not null,
  primary key (bucket, incident_id),
  constraint resolved_wholly check ((resolved_at_ms is null) = (resolution = ''))
);

-- One open incident of a type about an account.
create unique index incidents_open on ledger.incidents (bucket, account_id, type) where resolved_at_ms is null;
-- The list, newest first.
create index incidents_by_time on ledger.incidents (found_at_ms, incident_id);
create index incidents_by_account on ledger.incidents (account_id, found_at_ms, incident_id);
-- Alerts that nobody has acknowledged yet.
create index incidents_unreported on ledger.incidents (found_at_ms)
  where reported_at_ms is null or (resolved_at_ms is not null and resolution_reported_at_ms is null);
`;

/** What the app's role may do with them. An incident is never deleted. */
export const INCIDENT_GRANTS = [
  'select, insert on ledger.incidents',
  `update (last_seen_at_ms, resolved_at_ms, resolution, reported_at_ms, resolution_reported_at_ms)
   on ledger.incidents`,
];
