import type { Pool } from 'pg';
import { isSerializationConflict, sqlStateOf } from './sqlstate.js';

/**
 * Logs that grow for ever, as tables partitioned by time: what is older than its retention goes away by dropping a
 * partition, which takes milliseconds where deleting rows takes hours and leaves dead ones behind.
 *
 * How to use it:
 * 1. A migration creates the parent, `partition by range (<something>_ms)` over a bigint column of milliseconds that
 *    is part of every unique key, and then runs {@link timePartitionsSql}: two functions and the first partitions.
 * 2. The app's role gets `execute` on the functions and `insert`/`select` on the parent; partitions need no grants.
 * 3. A job calls {@link TimePartitions.maintain} when the app starts and every hour or so.
 *
 * Creating and dropping tables takes their owner's rights, which an app's role does not have. The functions have
 * them (`security definer`) and do nothing else: they go by the database's clock and by a retention that the
 * migration sets a floor to, so that a role which may call them cannot use them to get rid of young rows.
 *
 * Writers are not held up. A new partition is made beside the parent and attached to it, which takes a lock that
 * lets reads and writes through. Dropping needs the parent for an instant and waits a quarter of a second for it at
 * most; when it does not get it, the next run tries again. Processes that do the same at once do it once.
 */
export interface TimePartitionedTable {
  readonly schema: string;
  readonly table: string;
  /** What one partition covers. A week of hours, a year of days: some dozens to some hundreds of partitions. */
  readonly periodMs: number;
  /** Rows younger than this can never be dropped, whatever {@link TimePartitions} is asked for. */
  readonly retentionMinMs: number;
}

/** What a run did. */
export interface PartitionRun {
  readonly created: number;
  readonly dropped: number;
  /** Something was in the way: the rest is for the next run. */
  readonly isPostponed: boolean;
}

const NAME_PATTERN = /^[a-z_][a-z0-9_]{0,39}$/;
const MINUTE_MS = 60_000;
/** Partitions that are there before they are needed: so many periods the job may fail to run. */
const PERIODS_AHEAD = 3;
/** A run that finds more to drop than this leaves the rest to the next. */
const DROPS_PER_RUN_MAX = 50;
/** Those who come after a waiting drop wait with it. */
const LOCK_TIMEOUT_MS = 250;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * SQL for the migration that creates the table: the functions `add_partitions_of_<table>()` and
 * `drop_partition_of_<table>(keep_ms bigint)`, executable by whoever is granted it, and the first partitions.
 *
 * @throws TypeError for names that are not plain, RangeError for periods that are not whole minutes.
 */
export function timePartitionsSql(partitioned: TimePartitionedTable): string {
  const { schema, table, periodMs, retentionMinMs } = checked(partitioned);
  return `
-- Creates what is missing from the present period to ${PERIODS_AHEAD} ahead; returns how many there were.
create function ${schema}.add_partitions_of_${table}() returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '${LOCK_TIMEOUT_MS}ms'
as $$
declare
  present bigint := (extract(epoch from statement_timestamp()) * 1000)::bigint / ${periodMs} * ${periodMs};
  from_ms bigint;
  partition text;
  created integer := 0;
begin
  -- Whoever comes second finds nothing to do the next time; the lock ends with the statement.
  if not pg_try_advisory_xact_lock(hashtextextended('partitions of ${schema}.${table}', 0)) then
    return 0;
  end if;
  for from_ms in select present + step * ${periodMs} from generate_series(0, ${PERIODS_AHEAD}) as step loop
    partition := '${table}_' || to_char(to_timestamp(from_ms / 1000) at time zone 'UTC', 'YYYYMMDD_HH24MI');
    continue when to_regclass(format('${schema}.%I', partition)) is not null;
    execute format('create table ${schema}.%I (like ${schema}.${table} including all)', partition);
    execute format('alter table ${schema}.${table} attach partition ${schema}.%I for values from (%s) to (%s)',
                   partition, from_ms, from_ms + ${periodMs});
    created := created + 1;
  end loop;
  return created;
end
$$;

-- Drops the oldest partition if all of it is older than keep_ms; returns its name, or null.
create function ${schema}.drop_partition_of_${table}(keep_ms bigint) returns text
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '${LOCK_TIMEOUT_MS}ms'
as $$
declare
  before_ms bigint := (extract(epoch from statement_timestamp()) * 1000)::bigint
    - greatest(keep_ms, ${retentionMinMs});
  partition text;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('partitions of ${schema}.${table}', 0)) then
    return null;
  end if;
  select child.relname into partition
  from pg_inherits as link
  join pg_class as child on child.oid = link.inhrelid
  cross join lateral (
    select substring(pg_get_expr(child.relpartbound, child.oid) from 'TO \\(''(\\d+)''\\)')::bigint as to_ms
  ) as bound
  where link.inhparent = '${schema}.${table}'::regclass and bound.to_ms <= before_ms
  order by bound.to_ms limit 1;
  if partition is not null then
    execute format('drop table ${schema}.%I', partition);
  end if;
  return partition;
end
$$;

revoke all on function ${schema}.add_partitions_of_${table}(),
                       ${schema}.drop_partition_of_${table}(bigint) from public;
select ${schema}.add_partitions_of_${table}();
`;
}

/** Keeps the partitions of one table: some ahead of time, none behind its retention. */
export class TimePartitions {
  readonly #pool: Pool;
  readonly #add: string;
  readonly #drop: string;

  /** @param pool of a role that may execute the table's functions; see {@link timePartitionsSql}. */
  constructor(pool: Pool, partitioned: TimePartitionedTable) {
    const { schema, table } = checked(partitioned);
    this.#pool = pool;
    this.#add = `select ${schema}.add_partitions_of_${table}() as created`;
    this.#drop = `select ${schema}.drop_partition_of_${table}($1) as dropped`;
  }

  /**
   * Creates partitions ahead and drops those whose rows are all older than `retentionMs`. What something was in the
   * way of is left for the next run. @throws OutageError
   */
  async maintain(retentionMs: number): Promise<PartitionRun> {
    const run = { created: 0, dropped: 0 };
    try {
      // Each statement is a transaction of its own: what one holds, the next does not wait for.
      const { rows } = await this.#pool.query<{ created: number }>(this.#add);
      run.created = rows[0]?.created ?? 0;
      while (run.dropped < DROPS_PER_RUN_MAX && (await this.#dropOldest(retentionMs))) run.dropped += 1;
      return { ...run, isPostponed: false };
    } catch (error) {
      const isInTheWay = sqlStateOf(error) === LOCK_NOT_AVAILABLE || isSerializationConflict(error);
      if (!isInTheWay) throw error;
      return { ...run, isPostponed: true };
    }
  }

  async #dropOldest(retentionMs: number): Promise<boolean> {
    const { rows } = await this.#pool.query<{ dropped: string | null }>(this.#drop, [retentionMs]);
    return (rows[0]?.dropped ?? null) !== null;
  }
}

function checked(partitioned: TimePartitionedTable): TimePartitionedTable {
  for (const name of [partitioned.schema, partitioned.table]) {
    if (!NAME_PATTERN.test(name)) throw new TypeError(`${name} is not a plain name of a schema or table`);
  }
  const { periodMs, retentionMinMs } = partitioned;
  if (!Number.isSafeInteger(periodMs) || periodMs < MINUTE_MS || periodMs % MINUTE_MS !== 0) {
    throw new RangeError('a partition covers whole minutes');
  }
  if (!Number.isSafeInteger(retentionMinMs) || retentionMinMs < 0) {
    throw new RangeError('the least retention is a number of milliseconds');
  }
  return partitioned;
}
