import type { SeededRandom } from '@steelyard/testing/seed';
import type pg from 'pg';
import type { CallOutcome } from '../load/load-recorder.js';
import { TPCB } from './baselines.sql.js';
import { inTransaction } from './clients.js';

/** As many branches as clients: fewer would wait for each other's branch. */
export const TPCB_SCALE = 16;

const TELLERS_PER_BRANCH = 10;
const ACCOUNTS_PER_BRANCH = 100_000;
const DELTA_MAX = 5_000;

/** pgbench's TPC-B-like transaction, statement by statement, for a machine without pgbench. */
export async function tpcbTransaction(pool: pg.Pool, random: SeededRandom): Promise<CallOutcome> {
  const account = random.integer(1, TPCB_SCALE * ACCOUNTS_PER_BRANCH);
  const branch = random.integer(1, TPCB_SCALE);
  const teller = random.integer(1, TPCB_SCALE * TELLERS_PER_BRANCH);
  const delta = random.integer(-DELTA_MAX, DELTA_MAX);
  await inTransaction(pool, async (client) => {
    await client.query({ ...TPCB.account, values: [delta, account] });
    await client.query({ ...TPCB.read, values: [account] });
    await client.query({ ...TPCB.teller, values: [delta, teller] });
    await client.query({ ...TPCB.branch, values: [delta, branch] });
    await client.query({ ...TPCB.history, values: [teller, branch, account, delta] });
  });
  return { accepted: 1, refused: 0 };
}
