import type pg from 'pg';
import type { CallOutcome } from '../load/load-recorder.js';
import { NAIVE_ENTRIES, NAIVE_LOCK, NAIVE_TRANSACTION, NAIVE_UPDATE } from './baselines.sql.js';
import { inTransaction } from './clients.js';

/** Two different accounts and what goes from the first to the second. */
export interface PairMove {
  readonly from: number;
  readonly to: number;
  readonly amount: number;
}

/** One command as most services do it: a transaction of its own, statement by statement. */
export async function naiveTransfer(pool: pg.Pool, { from, to, amount }: PairMove): Promise<CallOutcome> {
  await inTransaction(pool, async (client) => {
    await client.query({ ...NAIVE_LOCK, values: [from, to] });
    const paid = await balanceAfter(client, from, -amount);
    const received = await balanceAfter(client, to, amount);
    const { rows } = await client.query<{ id: string }>(NAIVE_TRANSACTION);
    const values = [rows[0]?.id, from, -amount, paid, to, amount, received];
    await client.query({ ...NAIVE_ENTRIES, values });
  });
  return { accepted: 1, refused: 0 };
}

/** The balance as the driver gives it, as text: it only goes back into the database. */
async function balanceAfter(
  client: pg.PoolClient,
  account: number,
  amount: number,
): Promise<string | undefined> {
  const { rows } = await client.query<{ balance: string }>({ ...NAIVE_UPDATE, values: [account, amount] });
  return rows[0]?.balance;
}
