/** What happened at the edge, until the audit trail has it. Empty most of the time, so not bucketed. */
export const CREATE_AUDIT_OUTBOX = `
create table gateway.audit_outbox (
  -- UUIDv7, so in the order of time.
  event_id uuid primary key,
  -- steelyard.ledger.v1.AuditEvent.
  event bytea not null,
  -- The audit trail will never take it: somebody has to look.
  is_refused boolean not null default false
);

create index audit_outbox_waiting on gateway.audit_outbox (event_id) where not is_refused;
`;
