import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@steelyard/platform/observability';
import { TimePartitions } from '@steelyard/platform/postgres';
import { FACT_DELIVERIES } from '../../src/infrastructure/postgres/fact-deliveries.js';
import { MaintainPartitionsJob } from '../../src/jobs/maintain-partitions.job.js';
import { eventually } from '@steelyard/testing/wait';
import { useBalanceDatabase } from '../support/use-balance-database.js';

const DAY_MS = 86_400_000;

describe('MaintainPartitionsJob', () => {
  const database = useBalanceDatabase();
  const partitions = async (): Promise<number> => {
    const { rows } = await database.superuser.query<{ count: number }>(
      `select count(*)::int as count from pg_inherits where inhparent = 'balance.fact_deliveries'::regclass`,
    );
    return rows[0]?.count ?? 0;
  };
  const job = (): MaintainPartitionsJob => {
    const kept = new TimePartitions(database.connections.pool, FACT_DELIVERIES);
    const table = { name: 'fact_deliveries', partitions: kept, retentionMs: 3 * DAY_MS };
    return new MaintainPartitionsJob([table], createLogger('balance', 'silent'));
  };

  it('drops in the service role what is older than its retention, and adds what is missing', async () => {
    expect(await partitions()).toBe(4);
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    for (const age of [2, 3, 4, 9]) {
      const fromMs = today - age * DAY_MS;
      await database.superuser.query(
        `create table balance.fact_deliveries_${age} partition of balance.fact_deliveries
         for values from (${fromMs}) to (${fromMs + DAY_MS})`,
      );
    }
    const { rows } = await database.superuser.query<{ name: string }>(
      `select relname as name from pg_class join pg_inherits on inhrelid = oid
       where inhparent = 'balance.fact_deliveries'::regclass order by relname`,
    );
    const last = rows.filter(({ name }) => name.length > 'fact_deliveries_9'.length).at(-1);
    await database.superuser.query(`drop table balance.${last?.name}`);
    // 4 of the present and ahead, and the 2 of within three days: the third day ends within them. What something
    // was in the way of for a moment, the next run does.
    await eventually(async () => {
      await Promise.all([job().run(), job().run()]);
      expect(await partitions()).toBe(6);
    });
    await job().run();
    expect(await partitions()).toBe(6);
  });
});
