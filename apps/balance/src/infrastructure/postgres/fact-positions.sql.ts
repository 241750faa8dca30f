/**
 * Positions of facts. All statements are prepared under their names. The tables are small (a row a bucket and
 * consumer): they are read whole, through the primary keys. Times are the database's, so that the clocks of
 * processes need not agree.
 */

const NOW_MS = '(extract(epoch from statement_timestamp()) * 1000)::bigint';

/** Locks nothing but new rows, in order. */
export const OPEN_POSITIONS = {
  name: 'open_fact_positions',
  text: `insert into balance.fact_positions (bucket, consumer, sequence, lease_until_ms, next_attempt_at_ms,
                                             updated_at_ms, failures)
         select head.bucket, consumer, 0, 0, 0, 0, 0
         from balance.heads as head cross join unnest($1::text[]) as consumer
         order by head.bucket, consumer
         on conflict (bucket, consumer) do nothing`,
};

/**
 * What is behind its head, due, and leased by $2 or by nobody, longest untouched first. The only statement that an
 * idle process runs. Locks nothing.
 */
export const READ_DUE_PLACES = {
  name: 'read_due_places',
  text: `select place.bucket, place.consumer, place.sequence, place.failures,
                head.sequence - place.sequence as lacking,
                place.owner is not distinct from $2::text and place.lease_until_ms >= ${NOW_MS} + $3::bigint
                  as is_leased
         from balance.fact_positions as place join balance.heads as head using (bucket)
         where place.consumer = any($1::text[]) and head.sequence > place.sequence
           and place.next_attempt_at_ms <= ${NOW_MS}
           and (place.owner = $2::text or place.lease_until_ms <= ${NOW_MS})
         order by place.updated_at_ms, place.bucket`,
};

/** Leases to $3 for $4 ms what nobody else leases. Rows that another process is just leasing are passed over. */
export const CLAIM_PLACES = {
  name: 'claim_fact_places',
  text: `with free as materialized (
           select place.bucket, place.consumer
           from unnest($1::smallint[], $2::text[]) as wanted(bucket, consumer)
           join balance.fact_positions as place
             on place.bucket = wanted.bucket and place.consumer = wanted.consumer collate "C"
           where place.owner = $3::text or place.lease_until_ms <= ${NOW_MS}
           order by place.bucket, place.consumer
           for update of place skip locked
         )
         update balance.fact_positions as place
         set owner = $3::text, lease_until_ms = ${NOW_MS} + $4::bigint, updated_at_ms = ${NOW_MS}
         from free where place.bucket = free.bucket and place.consumer = free.consumer
         returning place.bucket, place.consumer, place.sequence, place.failures`,
};

/** Moves what is leased by $5 and still where it was; what is not kept is leased by nobody from then on. */
export const MOVE_POSITIONS = {
  name: 'move_fact_positions',
  text: `update balance.fact_positions as place
         set sequence = moved.sequence, failures = 0, next_attempt_at_ms = 0, updated_at_ms = ${NOW_MS},
             owner = case when moved.keeps_lease then place.owner end,
             lease_until_ms = case when moved.keeps_lease then ${NOW_MS} + $6::bigint else 0 end
         from unnest($1::smallint[], $2::text[], $3::bigint[], $4::bigint[], $7::boolean[])
           as moved(bucket, consumer, expected, sequence, keeps_lease)
         where place.bucket = moved.bucket and place.consumer = moved.consumer collate "C"
           and place.sequence = moved.expected and place.owner = $5::text
         returning place.bucket, place.consumer`,
};

export const FAIL_PLACE = {
  name: 'fail_fact_place',
  text: `update balance.fact_positions
         set failures = $4::integer, next_attempt_at_ms = ${NOW_MS} + $5::bigint, updated_at_ms = ${NOW_MS},
             owner = null, lease_until_ms = 0
         where bucket = $1::smallint and consumer = $2::text collate "C" and owner = $3::text`,
};

export const LOG_FAILED_DELIVERY = {
  name: 'log_failed_delivery',
  text: `insert into balance.fact_deliveries (bucket, consumer, attempted_at_ms, after_sequence, facts, attempt, reason)
         values ($1::smallint, $2::text, ${NOW_MS}, $3::bigint, $4::integer, $5::integer, $6::text)
         on conflict do nothing`,
};

export const END_PAUSES = {
  name: 'end_fact_pauses',
  text: `update balance.fact_positions set next_attempt_at_ms = 0
         where consumer = $1::text collate "C" and next_attempt_at_ms > ${NOW_MS}`,
};

export const RELEASE_PLACES = {
  name: 'release_fact_places',
  text: 'update balance.fact_positions set owner = null, lease_until_ms = 0 where owner = $1::text',
};

/** Facts that each of $1 lacks, and the age of the oldest. Index: primary keys; one fact a bucket that is behind. */
export const READ_LAGS = {
  name: 'read_fact_lags',
  text: `select place.consumer, coalesce(sum(greatest(head.sequence - place.sequence, 0)), 0)::bigint as facts,
                greatest(coalesce(${NOW_MS} - min(next.committed_at_ms), 0), 0)::bigint as age_ms
         from balance.fact_positions as place
         join balance.heads as head using (bucket)
         left join lateral (
           select fact.committed_at_ms from balance.facts as fact
           where fact.bucket = place.bucket and fact.sequence = place.sequence + 1
             and head.sequence > place.sequence
         ) as next on true
         where place.consumer = any($1::text[])
         group by place.consumer`,
};
