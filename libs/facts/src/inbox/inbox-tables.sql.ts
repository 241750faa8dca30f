import { schemaIdentifier } from './schema-identifier.js';

/**
 * The tables of one service's inbox, for a migration of that service. Never changed: what comes later is another
 * function for another migration.
 *
 * @param schema the service's own, a plain name.
 */
export function createFactInbox(schema: string): string {
  const own = schemaIdentifier(schema);
  return `
-- How far this service has applied the facts of each bucket.
create table ${own}.fact_inbox (
  bucket smallint primary key check (bucket >= 0),
  -- The last fact that took effect or became a dead letter; 0 before the first.
  sequence bigint not null check (sequence >= 0),
  applied_at_ms bigint not null,
  -- How often the fact after it was tried and failed, in whichever process; not tried again before the other.
  attempts integer not null check (attempts >= 0),
  retry_at_ms bigint not null
);

-- Facts that a handler could not apply and that were stepped over.
create table ${own}.fact_dead_letters (
  bucket smallint not null,
  sequence bigint not null,
  handler text not null,
  -- The protobuf message.
  fact bytea not null,
  error text not null,
  attempts integer not null,
  failed_at_ms bigint not null,
  primary key (bucket, sequence, handler)
);
`;
}

/** What the service's role may do with them. */
export function factInboxGrants(schema: string): readonly string[] {
  const own = schemaIdentifier(schema);
  return [
    `select, insert, update on ${own}.fact_inbox`,
    `select, insert, update, delete on ${own}.fact_dead_letters`,
  ];
}
