import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import { readPostmasterFile } from './postmaster-file.js';

/** Replaying the most log that `max_wal_size` allows after a crash takes well under this on a slow disk. */
const READY_DEADLINE_MS = 120_000;
const POLL_INTERVAL_MS = 15;
const LOG_TAIL_LINES = 5;

/** Waits until the server says in its own status file that it takes connections. */
export async function awaitReady(
  server: ChildProcess,
  clusterDir: string,
  about: { readonly logFile: string; readonly port: number },
): Promise<void> {
  const deadline = Date.now() + READY_DEADLINE_MS;
  for (;;) {
    const status = readPostmasterFile(clusterDir);
    if (status?.pid === server.pid && status?.isReady === true) return;
    if (server.exitCode !== null || server.signalCode !== null) throw startFailure(about);
    if (Date.now() > deadline) {
      throw new EmbeddedPostgresError(
        'START_FAILED',
        `PostgreSQL is not ready after ${READY_DEADLINE_MS} ms, see ${about.logFile}`,
      );
    }
    await delay(POLL_INTERVAL_MS);
  }
}

function startFailure(about: { readonly logFile: string; readonly port: number }): EmbeddedPostgresError {
  const tail = readFileSync(about.logFile, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
  // The server has no other channel: it writes why and exits with the same code for every reason.
  if (tail.includes('Address already in use')) {
    return new EmbeddedPostgresError('PORT_BUSY', `port ${about.port} for PostgreSQL is in use`);
  }
  return new EmbeddedPostgresError(
    'START_FAILED',
    `PostgreSQL did not start, see ${about.logFile}:\n${tail}`,
  );
}
