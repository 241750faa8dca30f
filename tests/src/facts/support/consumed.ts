import { factKind } from '@steelyard/domain/posting';
import type { Pool } from '@steelyard/platform/postgres';
import { eventually } from '@steelyard/testing/wait';

/** Longer than it takes to try again what failed while the machine stood still, more than once. */
const SETTLE = { timeoutMs: 120_000, intervalMs: 100 };

interface SupplyRow {
  readonly bucket: number;
  readonly currency: string;
  readonly day: string;
  readonly type: string;
  readonly kind: string;
  readonly entries: bigint;
  readonly amount_in: string;
  readonly amount_out: string;
}

const ORDER = 'order by bucket, currency, day, type, kind';

/** Waits until a consumer has applied every fact that is committed. */
export async function appliedAll(pool: Pool, schema: string): Promise<void> {
  await eventually(async () => {
    const { rows } = await pool.query<{ behind: string }>(
      `select bucket || ' is at ' || coalesce(i.sequence, 0) || ' of ' || h.sequence as behind
       from balance.heads as h left join ${schema}.fact_inbox as i using (bucket)
       where coalesce(i.sequence, 0) <> h.sequence order by bucket limit 5`,
    );
    const behind = rows.map((row) => `bucket ${row.behind}`);
    if (behind.length > 0) throw new Error(`${schema}: ${behind.join(', ')}`);
  }, SETTLE);
  const { rows } = await pool.query(`select bucket, sequence, error from ${schema}.fact_dead_letters`);
  if (rows.length > 0) throw new Error(`${schema} gave up on ${JSON.stringify(rows[0])}`);
}

/** The rollups of the analytics app. */
export async function rolledUp(pool: Pool): Promise<readonly SupplyRow[]> {
  const { rows } = await pool.query<SupplyRow>(
    `select bucket, currency, day::text, type, kind, entries, amount_in::text, amount_out::text
     from analytics.supply_daily ${ORDER}`,
  );
  return rows;
}

/** The same rows, made of the entries themselves. */
export async function expectedRollups(pool: Pool): Promise<readonly SupplyRow[]> {
  const { rows } = await pool.query<Omit<SupplyRow, 'type'> & { readonly type: number }>(
    `select e.bucket, a.currency, (to_timestamp(f.committed_at_ms / 1000.0) at time zone 'utc')::date::text as day,
            f.kind as type,
            case when e.account_id like '@%' then split_part(substr(e.account_id, 2), '/', 1)
                 else 'player' end as kind,
            count(*) as entries, coalesce(sum(e.amount) filter (where e.amount > 0), 0)::text as amount_in,
            coalesce(-sum(e.amount) filter (where e.amount < 0), 0)::text as amount_out
     from ledger.entries as e
       join balance.accounts as a using (bucket, account_id)
       join balance.facts as f on f.bucket = e.bucket and f.sequence = e.fact_sequence
     group by 1, 2, 3, 4, 5`,
  );
  const place = ({ bucket, currency, day, type, kind }: SupplyRow) =>
    [String(bucket).padStart(4, '0'), currency, day, type, kind].join('/');
  return rows
    .map((row) => ({ ...row, type: factKind(row.type) ?? '' }))
    .sort((a, b) => (place(a) < place(b) ? -1 : 1));
}
