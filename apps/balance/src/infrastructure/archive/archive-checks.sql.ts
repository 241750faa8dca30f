import { ENTRIES_PER_TRANSACTION_MAX } from '@steelyard/domain/posting';
import {
  ACCOUNTS,
  IDEMPOTENCY,
  RESERVATIONS,
  REVERSALS,
  type ArchiveTable,
} from '../../application/archive/archive-tables.js';

/**
 * What must agree between the rows of an imported ledger. They run in the importing transaction, which has no
 * statistics of what it wrote: it tells the planner to stay with indexes.
 */

/**
 * The first fact that does not agree: $1 bucket, facts after $2 through $3, $4 the highest number of a transaction
 * type. Fact by fact, so that the work grows with their number alone. Primary keys and entries_by_fact.
 */
export const FIND_FACT_FAULT = {
  name: 'archive_fact_fault',
  text: `select place.sequence, judged.reason
         from balance.facts as place
         cross join lateral (
           select count(*) as missing
           from unnest(place.leg_buckets, place.leg_sequences) as leg(bucket, sequence)
           where not exists (
             select from balance.facts as part
             where part.bucket = leg.bucket and part.sequence = leg.sequence
               and part.home_bucket = place.bucket and part.home_sequence = place.sequence
           )
         ) as parts
         cross join lateral (
           select coalesce(sum(by_currency.entries), 0) as entries,
                  coalesce(bool_and(by_currency.amount = 0), true) as is_zero
           from (
             select count(*) as entries, sum(moved.amount) as amount
             from (
               select place.bucket, place.sequence
               union all
               select leg.bucket, leg.sequence
               from unnest(place.leg_buckets, place.leg_sequences) as leg(bucket, sequence)
             ) as part
             cross join lateral (
               select bucket, account_id, amount from ledger.entries
               where bucket = part.bucket and fact_sequence = part.sequence limit ${ENTRIES_PER_TRANSACTION_MAX}
             ) as moved
             left join lateral (
               select currency from balance.accounts
               where bucket = moved.bucket and account_id = moved.account_id limit 1
             ) as account on true
             where place.home_bucket is null
             group by account.currency
           ) as by_currency
         ) as moved
         cross join lateral (
           select case
                    when place.home_bucket is null and parts.missing > 0 then 'a part of it is missing'
                    when place.home_bucket is null and not moved.is_zero then 'its entries do not sum to zero'
                    when place.home_bucket is null and place.kind <= $4::smallint and moved.entries < 2
                      then 'it is a transaction with less than two entries'
                    when place.home_bucket is not null and not exists (
                      select from balance.facts as home
                      cross join lateral unnest(home.leg_buckets, home.leg_sequences) as listed(bucket, sequence)
                      where home.bucket = place.home_bucket and home.sequence = place.home_sequence
                        and home.home_bucket is null and home.kind = place.kind and home.data = place.data
                        and home.committed_at_ms = place.committed_at_ms
                        and listed.bucket = place.bucket and listed.sequence = place.sequence
                    ) then 'its transaction has no such part'
                  end as reason
         ) as judged
         where place.bucket = $1 and place.sequence > $2 and place.sequence <= $3 and judged.reason is not null
         order by place.sequence limit 1`,
};

/** Finds the first row of a table that does not agree with others, by its place in key order. */
export interface RowCheck {
  readonly table: ArchiveTable;
  readonly reason: string;
  readonly text: string;
}

const placed = (table: ArchiveTable): string => {
  const keys = table.columns.slice(0, table.keyLength).map(({ column }) => column);
  return `(select *, row_number() over (order by ${keys.join(', ')})::int as place from ${table.table})`;
};

const hasFact = (sequence: string, kinds = ''): string => `exists (
  select from balance.facts where bucket = row.bucket and sequence = ${sequence} ${kinds})`;

const firstRow = (table: ArchiveTable, condition: string): string =>
  `select place from ${placed(table)} as row where ${condition} order by place limit 1`;

export const ROW_CHECKS: readonly RowCheck[] = [
  {
    table: ACCOUNTS,
    reason: 'what it holds is not what its open reservations hold',
    text: `select row.place from ${placed(ACCOUNTS)} as row
           cross join lateral (
             select coalesce(sum(amount), 0) as amount, min(expires_at_ms) as expires_at_ms
             from balance.reservations
             where bucket = row.bucket and account_id = row.account_id and status = 1
           ) as open
           where row.held <> open.amount or (row.next_expiry_at_ms is null) <> (open.expires_at_ms is null)
              or row.next_expiry_at_ms > open.expires_at_ms
           order by row.place limit 1`,
  },
  {
    table: RESERVATIONS,
    reason: 'there is no fact that it was held by, or no account of its currency',
    text: firstRow(
      RESERVATIONS,
      `not ${hasFact('row.sequence', 'and kind = 111')} or not exists (
         select from balance.accounts
         where bucket = row.bucket and account_id = row.account_id and currency = row.currency)`,
    ),
  },
  {
    table: RESERVATIONS,
    reason: 'there is no fact that it was committed by',
    text: firstRow(
      RESERVATIONS,
      `row.transaction_sequence is not null and not ${hasFact('row.transaction_sequence')}`,
    ),
  },
  {
    table: REVERSALS,
    reason: 'there is no fact that it reverses',
    text: firstRow(REVERSALS, `not ${hasFact('row.fact_sequence')}`),
  },
  {
    table: IDEMPOTENCY,
    reason: 'there is no fact that it stands for',
    text: firstRow(IDEMPOTENCY, `row.fact_sequence is not null and not ${hasFact('row.fact_sequence')}`),
  },
];
