/** Statements of incidents. There are few of them, or many alarms. */

const COLUMNS = `incident_id, type, bucket, account_id, found_by, sequence, entry_id, reason, expected, found,
                 found_at_ms, last_seen_at_ms, resolved_at_ms, resolution`;

/**
 * Index incidents_open. One that is open already is only seen again; returns those that were not. In key order,
 * so that two reporters never wait for each other in a circle.
 */
export const REPORT_INCIDENTS = {
  name: 'report_incidents',
  text: `insert into ledger.incidents as incident
           (incident_id, type, bucket, account_id, found_by, sequence, entry_id, reason, expected, found,
            found_at_ms, last_seen_at_ms, resolution)
         select incident_id, type, bucket, account_id, found_by, sequence, entry_id, reason, expected, found, $1, $1, ''
         from jsonb_to_recordset($2::jsonb) as report(incident_id uuid, type text, bucket smallint,
           account_id text, found_by text, sequence bigint, entry_id text, reason text, expected text, found text)
         order by bucket, account_id collate "C", type
         on conflict (bucket, account_id, type, (found_by = 'audit')) where resolved_at_ms is null
           do update set last_seen_at_ms = excluded.last_seen_at_ms
         returning ${COLUMNS}, incident.found_at_ms = $1 and incident.incident_id = any ($3::uuid[]) as is_new`,
};

/** Index incidents_open. $5 null: whichever check found it. */
export const RESOLVE_INCIDENT = {
  name: 'resolve_incident',
  text: `update ledger.incidents set resolved_at_ms = $4, resolution = $6
         where type = $1 and bucket = $2 and account_id = $3 and resolved_at_ms is null
           and ($5::text[] is null or found_by = any ($5))
         returning ${COLUMNS}`,
};

/** Primary key. */
export const AMEND_INCIDENT = {
  name: 'amend_incident',
  text: `update ledger.incidents set resolution = $2 where incident_id = $1 and resolved_at_ms is not null`,
};

/** Index incidents_by_time, backwards. */
export const LIST_INCIDENTS = {
  name: 'list_incidents',
  text: `select ${COLUMNS} from ledger.incidents
         where ($1::text is null or type = $1) and ($2::boolean is null or (resolved_at_ms is null) = $2)
           and ($3::bigint is null or (found_at_ms, incident_id) < ($3, $4::uuid))
         order by found_at_ms desc, incident_id desc limit $5`,
};

/** Index incidents_by_account, backwards. */
export const LIST_INCIDENTS_OF = {
  name: 'list_incidents_of',
  text: `select ${COLUMNS} from ledger.incidents
         where account_id = $6 and ($1::text is null or type = $1)
           and ($2::boolean is null or (resolved_at_ms is null) = $2)
           and ($3::bigint is null or (found_at_ms, incident_id) < ($3, $4::uuid))
         order by found_at_ms desc, incident_id desc limit $5`,
};

/** Index incidents_open. */
export const COUNT_OPEN_INCIDENTS = {
  name: 'count_open_incidents',
  text: 'select count(*) as incidents from ledger.incidents where resolved_at_ms is null',
};

/** Index incidents_unreported. */
export const READ_UNREPORTED_INCIDENTS = {
  name: 'read_unreported_incidents',
  text: `select ${COLUMNS} from ledger.incidents
         where reported_at_ms is null or (resolved_at_ms is not null and resolution_reported_at_ms is null)
         order by found_at_ms limit $1`,
};

/** Primary key. $4: whether the end was part of what was acknowledged. */
export const ACKNOWLEDGE_INCIDENTS = {
  name: 'acknowledge_incidents',
  text: `update ledger.incidents as incident
         set reported_at_ms = coalesce(incident.reported_at_ms, $1),
             resolution_reported_at_ms = case when told.is_resolved then $1 end
         from unnest($2::smallint[], $3::uuid[], $4::boolean[]) as told(bucket, incident_id, is_resolved)
         where incident.bucket = told.bucket and incident.incident_id = told.incident_id`,
};
