import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The balance app's own migration step: apps share no code, so it runs as what it is, a program. */
const MIGRATE = fileURLToPath(new URL('../../../balance/dist/migrate.js', import.meta.url));
const TIMEOUT_MS = 240_000;

const run = promisify(execFile);

/** Creates what the balance app creates at its first start. The balance app must be built. */
export async function createBalanceSchema(url: string, buckets: number): Promise<void> {
  const env = {
    PATH: process.env['PATH'],
    DATABASE_URL: url,
    BUCKETS: String(buckets),
    DEFAULT_CURRENCY: 'CZK',
  };
  await run(process.execPath, [MIGRATE], { env, timeout: TIMEOUT_MS });
}
