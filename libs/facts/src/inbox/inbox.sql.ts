import { schemaIdentifier } from './schema-identifier.js';

/** A named statement. */
export interface InboxStatement {
  readonly name: string;
  readonly text: string;
}

/** Statements on the inbox of one schema; every one goes by primary key but the listing of dead letters. */
export interface InboxStatements {
  readonly begin: InboxStatement;
  readonly lock: InboxStatement;
  readonly move: InboxStatement;
  readonly moveAll: InboxStatement;
  readonly positions: InboxStatement;
  readonly bury: InboxStatement;
  readonly listDead: InboxStatement;
  readonly lockDead: InboxStatement;
  readonly forgetDead: InboxStatement;
  readonly countDead: InboxStatement;
}

/** The statements with the schema's name in them, which is a constant of the service's code. */
export function inboxStatements(schema: string): InboxStatements {
  const own = schemaIdentifier(schema);
  return {
    begin: {
      name: 'fact_inbox_begin',
      text: `insert into ${own}.fact_inbox (bucket, sequence, applied_at_ms, attempts, retry_at_ms)
             select bucket, 0, 0, 0, 0 from unnest($1::smallint[]) as bucket order by bucket
             on conflict do nothing`,
    },
    // Whoever holds a bucket's row applies its facts; the others wait, and then find them applied. In order, so that
    // no two who want several wait for each other.
    lock: {
      name: 'fact_inbox_lock',
      text: `select bucket, sequence, attempts, retry_at_ms from ${own}.fact_inbox
             where bucket = any($1::smallint[]) order by bucket for update`,
    },
    move: {
      name: 'fact_inbox_move',
      text: `update ${own}.fact_inbox set sequence = $2, applied_at_ms = $3, attempts = $4, retry_at_ms = $5
             where bucket = $1`,
    },
    // Buckets that were not failing, and are not.
    moveAll: {
      name: 'fact_inbox_move_all',
      text: `update ${own}.fact_inbox as inbox set sequence = moved.sequence, applied_at_ms = $3
             from unnest($1::smallint[], $2::bigint[]) as moved(bucket, sequence)
             where inbox.bucket = moved.bucket`,
    },
    positions: {
      name: 'fact_inbox_positions',
      text: `select bucket, sequence from ${own}.fact_inbox order by bucket`,
    },
    // A retry that fails again takes the place of what was known before.
    bury: {
      name: 'fact_inbox_bury',
      text: `insert into ${own}.fact_dead_letters as dead
               (bucket, sequence, handler, fact, error, attempts, failed_at_ms)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (bucket, sequence, handler) do update
               set error = excluded.error, attempts = dead.attempts + excluded.attempts,
                   failed_at_ms = excluded.failed_at_ms`,
    },
    listDead: {
      name: 'fact_inbox_list_dead',
      text: `select bucket, sequence, handler from ${own}.fact_dead_letters
             where (bucket, sequence, handler) > ($1, $2, $3)
             order by bucket, sequence, handler limit $4`,
    },
    lockDead: {
      name: 'fact_inbox_lock_dead',
      text: `select fact from ${own}.fact_dead_letters
             where bucket = $1 and sequence = $2 and handler = $3 for update`,
    },
    forgetDead: {
      name: 'fact_inbox_forget_dead',
      text: `delete from ${own}.fact_dead_letters where bucket = $1 and sequence = $2 and handler = $3`,
    },
    // There are few dead letters, or many alarms.
    countDead: {
      name: 'fact_inbox_count_dead',
      text: `select count(*) as letters from ${own}.fact_dead_letters`,
    },
  };
}
