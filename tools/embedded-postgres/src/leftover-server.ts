import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import { isServerOf, readPostmasterFile } from './postmaster-file.js';
import { isAlive, sendSignal, waitUntil } from '@steelyard/processes';

/** A fast shutdown writes a checkpoint; a minute is ample for the largest one the settings allow. */
const STOP_DEADLINE_MS = 60_000;

/** Stops a server that outlived the process that started it, so that the directory can be used again. */
export async function stopLeftoverServer(clusterDir: string): Promise<void> {
  const left = readPostmasterFile(clusterDir);
  if (left === undefined || !isAlive(left.pid)) return;
  if (!isServerOf(left.pid, clusterDir)) {
    // The number was reused by a stranger. PostgreSQL would refuse to start beside it, so the stale file goes.
    rmSync(join(clusterDir, 'postmaster.pid'), { force: true });
    return;
  }
  sendSignal(left.pid, 'SIGINT');
  const stopped = await waitUntil(() => !isAlive(left.pid), { timeoutMs: STOP_DEADLINE_MS });
  if (!stopped) {
    throw new EmbeddedPostgresError(
      'STOP_FAILED',
      `a PostgreSQL from an earlier run (process ${left.pid}) does not stop`,
    );
  }
}
