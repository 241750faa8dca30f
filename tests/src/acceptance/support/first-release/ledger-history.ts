import { bucketOf } from '@steelyard/domain/accounts';
import type { Client } from 'pg';

export const BUCKETS = 64;

/** Long enough ago that what is posted now comes later. */
const FIRST_COMMIT_MS = Date.UTC(2026, 0, 1);

const PREPARE = [
  `create temporary table pairs as
  select * from unnest($1::smallint[], $2::bigint[], $3::text[], $4::text[]) as pair(bucket, place, one, other)`,
  `create temporary table ends as
  select bucket, id, 0::bigint as balance, 0::bigint as sequence, null::bytea as checksum
  from pairs cross join lateral (values (one), (other)) as account(id)`,
  'create unique index on ends (bucket, id)',
  'create temporary table widths as select bucket, count(*) as width from pairs group by bucket',
  'analyze pairs, ends, widths',
];

/** One transfer between the accounts of every pair: forth in odd rounds, back in even ones. */
const POST_ROUND = `
with fact as materialized (
  select pair.bucket, ($1::bigint - 1) * widths.width + pair.place as sequence, $2::bigint + $1::bigint as at_ms,
         case when $1::bigint % 2 = 1 then pair.one else pair.other end as payer,
         case when $1::bigint % 2 = 1 then pair.other else pair.one end as payee
  from pairs as pair join widths using (bucket)
), stored as (
  insert into balance.facts (bucket, sequence, kind, committed_at_ms, data)
  select bucket, sequence, 12, at_ms, '{}' from fact
), moved as materialized (
  select fact.bucket, fact.sequence as fact_sequence, side.ordinal, side.id, side.amount, ends.balance,
         ends.sequence + 1 as sequence, ends.checksum,
         substr(lpad(to_hex(at_ms), 12, '0'), 1, 8) || '-' || substr(lpad(to_hex(at_ms), 12, '0'), 9) || '-7'
           || lpad(to_hex(fact.bucket::int), 3, '0') || '-' || substr(low.hex, 1, 4) || '-' || substr(low.hex, 5) as prefix,
         to_char(to_timestamp(at_ms / 1000.0) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as instant
  from fact
  cross join lateral (select to_hex((2::bigint << 54) | fact.sequence) as hex) as low
  cross join lateral (values (1::smallint, payer, -1::bigint), (2::smallint, payee, 1::bigint)) as side(ordinal, id, amount)
  join ends on ends.bucket = fact.bucket and ends.id = side.id
), hashed as materialized (
  select moved.*, sha256(convert_to('{"entryId":"' || prefix || '0' || ordinal || '","transactionId":"' || prefix
           || '00","accountId":"' || id || '","type":"TRANSFER","amount":' || amount || ',"balanceBefore":' || balance
           || ',"balanceAfter":' || balance + amount || ',"metadata":{},"timestamp":"' || instant
           || '","previousChecksum":"' || coalesce(encode(checksum, 'hex'), 'GENESIS') || '"}', 'UTF8')) as next
  from moved
), entered as (
  insert into ledger.entries (bucket, account_id, sequence, amount, balance_after, fact_sequence, ordinal,
                              hash_version, checksum)
  select bucket, id, sequence, amount, balance + amount, fact_sequence, ordinal, 1, next from hashed
)
update ends set balance = hashed.balance + amount, sequence = hashed.sequence, checksum = hashed.next
from hashed where ends.bucket = hashed.bucket and ends.id = hashed.id`;

const STORE_ENDS = `
insert into balance.accounts (bucket, account_id, currency, balance, held, version, sequence, credit_limit, minimum_hold,
                              created_at_ms, updated_at_ms, status, checksum, metadata)
select bucket, id, 'CHIPS', balance, 0, sequence + 1, sequence, 1, 0, $1, $1 + sequence, 1, checksum, '{}' from ends`;
const MOVE_HEADS = `
update balance.heads as head set sequence = widths.width * $1::bigint, committed_at_ms = $2::bigint + $1::bigint, write_id = 1
from widths where widths.bucket = head.bucket`;

/**
 * Fills a database that has the first release's schema and nothing else with a ledger as that release left it: every
 * chain right, entries posted long ago. Returns the number of entries.
 */
export async function postHistory(client: Client, pairs: number, rounds: number): Promise<number> {
  await client.query(`insert into balance.deployment values (true, ${BUCKETS}, 'CHIPS')`);
  await client.query(
    `insert into balance.heads (bucket, sequence, committed_at_ms) select n, 0, 0 from generate_series(0, ${BUCKETS - 1}) as n`,
  );
  await client.query('begin');
  const columns = pairsByBucket(pairs);
  for (const [i, statement] of PREPARE.entries()) await client.query(statement, i === 0 ? [...columns] : []);
  for (let round = 1; round <= rounds; round++) await client.query(POST_ROUND, [round, FIRST_COMMIT_MS]);
  await client.query(STORE_ENDS, [FIRST_COMMIT_MS]);
  await client.query(MOVE_HEADS, [rounds, FIRST_COMMIT_MS]);
  await client.query('commit');
  await client.query('analyze');
  return pairs * rounds * 2;
}

/** Columns of pairs of accounts that lie in one bucket: buckets, places within them, and both ids. */
function pairsByBucket(pairs: number): [number[], number[], string[], string[]] {
  const waiting = new Map<number, string>();
  const places = new Map<number, number>();
  const columns: [number[], number[], string[], string[]] = [[], [], [], []];
  for (let n = 0; columns[0].length < pairs; n++) {
    const id = `history-${n}`;
    const bucket = bucketOf(id, BUCKETS);
    const one = waiting.get(bucket);
    if (one === undefined) {
      waiting.set(bucket, id);
      continue;
    }
    waiting.delete(bucket);
    const place = (places.get(bucket) ?? 0) + 1;
    places.set(bucket, place);
    columns[0].push(bucket);
    columns[1].push(place);
    columns[2].push(one);
    columns[3].push(id);
  }
  return columns;
}
