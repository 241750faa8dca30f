/** Alerts are few, or something is very wrong: they are not bucketed. */
export const CREATE_ALERTS = `
create table notifications.alerts (
  alert_id text collate "C" primary key,
  type text collate "C" not null,
  -- What there is at most one open alert of the type for: an account, or an occurrence.
  subject text collate "C" not null,
  -- Empty when it is about no account.
  account_id text collate "C" not null,
  level text not null check (level in ('critical')),
  message text not null,
  detail_json text not null,
  opened_at_ms bigint not null,
  closed_at_ms bigint
);

create unique index one_open_alert on notifications.alerts (type, subject) where closed_at_ms is null;
create index alerts_by_time on notifications.alerts (opened_at_ms desc, alert_id desc);
create index open_alerts_by_time on notifications.alerts (opened_at_ms desc, alert_id desc)
  where closed_at_ms is null;
create index alerts_by_account on notifications.alerts (account_id, opened_at_ms desc, alert_id desc);
create index alerts_by_type on notifications.alerts (type, opened_at_ms desc, alert_id desc);

-- What was reported, each once. An alert is closed when all of its occurrences are over.
create table notifications.alert_occurrences (
  occurrence_id text collate "C" primary key,
  alert_id text collate "C" not null,
  resolved_at_ms bigint
);

create index unresolved_occurrences on notifications.alert_occurrences (alert_id)
  where resolved_at_ms is null;
`;

/** What the app's role may do with them. */
export const ALERTS_GRANTS = [
  'select, insert, update on notifications.alerts',
  'select, insert, update on notifications.alert_occurrences',
];
