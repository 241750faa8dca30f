/** Statements of the outbox. */

/** Sent again after an outage whose commit took effect, an event is there already. */
export const ADD_AUDIT_EVENTS = `
  insert into gateway.audit_outbox (event_id, event)
  select event_id, event from unnest($1::uuid[], $2::bytea[]) as added(event_id, event)
  on conflict do nothing`;

/** The beginning of audit_outbox_waiting; what another process is sending is passed over. */
export const TAKE_AUDIT_EVENTS = `
  select event_id, event from gateway.audit_outbox where not is_refused
  order by event_id limit $1 for update skip locked`;

export const DROP_AUDIT_EVENTS = 'delete from gateway.audit_outbox where event_id = any($1::uuid[])';

export const KEEP_AUDIT_EVENTS_ASIDE =
  'update gateway.audit_outbox set is_refused = true where event_id = any($1::uuid[])';
