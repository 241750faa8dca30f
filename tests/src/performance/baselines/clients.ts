import pg from 'pg';

/** Connections of every baseline, as in the reference figures. */
export const CLIENTS = 16;

const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 30_000;

/** A pool as a service would open it. */
export function baselinePool(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: CLIENTS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
  });
  pool.on('error', () => undefined);
  return pool;
}

/** Runs work in a transaction on a connection of its own. */
export async function inTransaction(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await work(client);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
