/** Statements of the audit trail. */

/** Locks the heads in bucket order, as everybody does; those that do not exist yet are missing. */
export const LOCK_AUDIT_HEADS = {
  name: 'lock_audit_heads',
  text: `select bucket, sequence, encode(checksum, 'hex') as checksum from ledger.audit_heads
         where bucket = any($1::smallint[]) order by bucket for update`,
};

/** Waits for whoever is writing the same row; in one order, like the locks. */
export const BEGIN_AUDIT_HEADS = {
  name: 'begin_audit_heads',
  text: `insert into ledger.audit_heads (bucket, sequence, checksum)
         select bucket, 0, '' from unnest($1::smallint[]) as missing(bucket) order by bucket
         on conflict do nothing`,
};

/** Of event ids $2 in buckets $1 those that are recorded: lookups in audit_records_once. */
export const FIND_RECORDED_EVENTS = {
  name: 'find_recorded_events',
  text: `select event.record_id as event_id
         from unnest($1::smallint[], $2::uuid[]) as event(bucket, record_id)
         where exists (
           select from ledger.audit_records as record
           where record.bucket = event.bucket and record.record_id = event.record_id and record.is_event
         )`,
};

/** Adds records ($1 to $9, one array a column) and moves the locked heads ($10 to $12) in one round trip. */
export const APPEND_AUDIT_RECORDS = {
  name: 'append_audit_records',
  text: `with moved as (
           update ledger.audit_heads as head
           set sequence = last.sequence, checksum = decode(last.checksum, 'hex')
           from unnest($10::smallint[], $11::bigint[], $12::text[]) as last(bucket, sequence, checksum)
           where head.bucket = last.bucket
         )
         insert into ledger.audit_records (bucket, sequence, at_ms, record_id, hash_version, is_event, checksum,
                                           action, account_id, agent_id, content)
         select bucket, sequence, at_ms, record_id, $13, $14, decode(checksum, 'hex'), action, account_id, agent_id,
                content
         from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::text[],
                     $8::text[], $9::text[])
           as record(bucket, sequence, at_ms, record_id, checksum, action, account_id, agent_id, content)`,
};

/** What was erased before it arrived has no salt and no data ($5, $6), but a time ($7). */
export const APPEND_PERSONAL_DATA = {
  name: 'append_personal_data',
  text: `insert into ledger.audit_personal (bucket, sequence, performed_by, account_id, salt, data, erased_at_ms)
         select bucket, sequence, performed_by, account_id, decode(salt, 'hex'), data, erased_at_ms
         from unnest($1::smallint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[])
           as person(bucket, sequence, performed_by, account_id, salt, data, erased_at_ms)`,
};

/** Of those who record personal data: any number at once, and no erasure beside them. */
export const KEEP_ERASURES_OUT = {
  name: 'keep_erasures_out',
  text: 'lock table ledger.audit_erasures in row share mode',
};

/** Of an erasure. Plain reads of the table go on. */
export const KEEP_RECORDERS_OUT = {
  name: 'keep_recorders_out',
  text: 'lock table ledger.audit_erasures in exclusive mode',
};

/** Lookups in the primary key. */
export const FIND_ERASURES = {
  name: 'find_erasures',
  text: `select encode(erasure.subject_hash, 'hex') as subject_hash, erasure.erased_at_ms
         from unnest($1::text[]) as subject(hash)
         join ledger.audit_erasures as erasure on erasure.subject_hash = decode(subject.hash, 'hex')`,
};

export const REMEMBER_ERASURE = {
  name: 'remember_erasure',
  text: `insert into ledger.audit_erasures as erasure (subject_hash, erased_at_ms) values (decode($1, 'hex'), $2)
         on conflict (subject_hash) do update
           set erased_at_ms = greatest(erasure.erased_at_ms, excluded.erased_at_ms)`,
};

const COLUMNS = `record.bucket, record.sequence, record.at_ms, record.record_id, record.hash_version,
                 encode(record.checksum, 'hex') as checksum, record.action, record.account_id, record.agent_id,
                 record.content`;
const WITH_PERSONAL = `
         left join lateral (
           select encode(salt, 'hex') as salt, data, erased_at_ms from ledger.audit_personal
           where bucket = record.bucket and sequence = record.sequence limit 1
         ) as person on true`;
const WITH_PREVIOUS = `
         left join lateral (
           select encode(checksum, 'hex') as previous_checksum from ledger.audit_records
           where bucket = record.bucket and sequence = record.sequence - 1 limit 1
         ) as previous on true`;
const PAGE_COLUMNS = `${COLUMNS}, previous.previous_checksum, person.salt, person.data, person.erased_at_ms`;

/**
 * Pages, newest first: before the position ($1 time, $2 bucket, $3 sequence), not before the time $4, at most $5.
 * Each reads a stretch of its index backwards and then looks up, by primary keys, what belongs to the page's rows.
 */
export const NEWEST_AUDIT_RECORDS = {
  name: 'newest_audit_records',
  text: `select ${PAGE_COLUMNS}
         from (
           select * from ledger.audit_records
           where (at_ms, bucket, sequence) < ($1::bigint, $2::smallint, $3::bigint) and at_ms >= $4::bigint
           order by at_ms desc, bucket desc, sequence desc limit $5
         ) as record ${WITH_PREVIOUS} ${WITH_PERSONAL}
         order by record.at_ms desc, record.bucket desc, record.sequence desc`,
};

/** $6 is the agent. */
export const NEWEST_AUDIT_RECORDS_OF_AGENT = {
  name: 'newest_audit_records_of_agent',
  text: `select ${PAGE_COLUMNS}
         from (
           select * from ledger.audit_records
           where agent_id = $6 and (at_ms, bucket, sequence) < ($1::bigint, $2::smallint, $3::bigint)
             and at_ms >= $4::bigint
           order by at_ms desc, bucket desc, sequence desc limit $5
         ) as record ${WITH_PREVIOUS} ${WITH_PERSONAL}
         order by record.at_ms desc, record.bucket desc, record.sequence desc`,
};

/**
 * $6 is the account, $7 its buckets: one, or all for a system account that everyone pays into. $8 is an agent or
 * null: with both, the account's records are filtered.
 */
export const NEWEST_AUDIT_RECORDS_OF_ACCOUNT = {
  name: 'newest_audit_records_of_account',
  text: `select ${PAGE_COLUMNS}
         from (
           select candidate.*
           from unnest($7::smallint[]) as place(bucket)
           cross join lateral (
             select * from ledger.audit_records as found
             where found.bucket = place.bucket and found.account_id = $6
               and (found.at_ms, found.bucket, found.sequence) < ($1::bigint, $2::smallint, $3::bigint)
               and found.at_ms between $4::bigint and $1::bigint
               and ($8::text is null or found.agent_id = $8)
             order by found.at_ms desc, found.sequence desc limit $5
           ) as candidate
           order by candidate.at_ms desc, candidate.bucket desc, candidate.sequence desc limit $5
         ) as record ${WITH_PREVIOUS} ${WITH_PERSONAL}
         order by record.at_ms desc, record.bucket desc, record.sequence desc`,
};

/** Whose data they are says performed_by or account_id; each has its index. At most $3 records. */
export const ERASE_PERSONAL_DATA = {
  name: 'erase_personal_data',
  text: `with chosen as materialized (
           select bucket, sequence from (
             (select bucket, sequence from ledger.audit_personal
              where performed_by = $1 and data is not null limit $3)
             union
             (select bucket, sequence from ledger.audit_personal
              where account_id = $1 and data is not null limit $3)
           ) as either
           order by bucket, sequence limit $3
         ), locked as materialized (
           select person.bucket, person.sequence from ledger.audit_personal as person
           join chosen using (bucket, sequence)
           where person.data is not null
           order by person.bucket, person.sequence for update of person
         )
         update ledger.audit_personal as person set salt = null, data = null, erased_at_ms = $2
         from locked where person.bucket = locked.bucket and person.sequence = locked.sequence`,
};

export const READ_AUDIT_HEAD = {
  name: 'read_audit_head',
  text: `select sequence, encode(checksum, 'hex') as checksum from ledger.audit_heads where bucket = $1`,
};

/** A stretch of the primary key: at most $3 records behind sequence $2. */
export const READ_AUDIT_CHAIN = {
  name: 'read_audit_chain',
  text: `select ${COLUMNS}, person.salt, person.data, person.erased_at_ms
         from (
           select * from ledger.audit_records where bucket = $1 and sequence > $2 order by sequence limit $3
         ) as record ${WITH_PERSONAL}
         order by record.sequence`,
};
