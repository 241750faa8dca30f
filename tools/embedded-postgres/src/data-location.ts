import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import { canReach, chooseServerAccount, type ServerAccount } from './server-account.js';

/** Where root keeps what the server's account must reach when the checkout itself is private. */
export const SHARED_STATE_DIR = '/var/lib/steelyard';

const CLUSTER_FOLDER = 'postgres';
const MARKER_FILE = 'postgres-location';
const MARKER_PATTERN = /^[0-9a-f-]{36}$/;

/** Where a cluster lives and which account owns it. */
export interface DataLocation {
  readonly clusterDir: string;
  readonly account: ServerAccount;
  /** True when the cluster is not inside the data directory, because its account could not reach it there. */
  readonly isRelocated: boolean;
}

/**
 * Decides where the cluster of a data directory lives: inside it, unless this process is root and the
 * server's account cannot pass the folders above. Then it lives below {@link SHARED_STATE_DIR} under a
 * random id that is kept in the data directory: deleting the data directory still means a fresh database.
 */
export function locateData(dataDir: string): DataLocation {
  mkdirSync(dataDir, { recursive: true });
  const inside = join(resolve(dataDir), CLUSTER_FOLDER);
  const account = chooseServerAccount(inside);
  const relocated = relocatedDir(dataDir);
  if (relocated !== undefined)
    return { clusterDir: relocated, account: chooseServerAccount(relocated), isRelocated: true };
  if (canReach(account, dataDir)) return { clusterDir: inside, account, isRelocated: false };
  if (existsSync(inside)) {
    throw new EmbeddedPostgresError(
      'UNREACHABLE_DATA',
      `the database in ${inside} belongs to an account that cannot reach it: make every folder above it passable (chmod o+x), or set DATA_DIR`,
    );
  }
  return { clusterDir: relocate(dataDir), account, isRelocated: true };
}

/** Removes a relocated cluster with its marker; one inside the data directory goes with that directory. */
export function removeRelocated(dataDir: string): void {
  const relocated = relocatedDir(dataDir);
  if (relocated !== undefined) rmSync(relocated, { recursive: true, force: true });
  rmSync(join(dataDir, MARKER_FILE), { force: true });
}

function relocatedDir(dataDir: string): string | undefined {
  const marker = join(dataDir, MARKER_FILE);
  if (!existsSync(marker)) return undefined;
  const id = basename(readFileSync(marker, 'utf8').trim());
  if (!MARKER_PATTERN.test(id)) {
    throw new EmbeddedPostgresError(
      'UNREACHABLE_DATA',
      `${marker} does not name a database below ${SHARED_STATE_DIR}`,
    );
  }
  return join(SHARED_STATE_DIR, id);
}

function relocate(dataDir: string): string {
  const id = randomUUID();
  mkdirSync(SHARED_STATE_DIR, { recursive: true });
  chmodSync(SHARED_STATE_DIR, 0o755);
  writeFileSync(join(dataDir, MARKER_FILE), `${join(SHARED_STATE_DIR, id)}\n`);
  return join(SHARED_STATE_DIR, id);
}
