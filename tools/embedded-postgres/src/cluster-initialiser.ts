import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import type { DataLocation } from './data-location.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { serverEnvironment } from './server-settings.js';

export const SUPERUSER = 'postgres';

const PASSWORD_FILE = 'postgres-password';
const PASSWORD_BYTES = 24;

/** The superuser's password of this data directory: generated once, readable by its owner only. */
export function clusterPassword(dataDir: string): string {
  const file = join(dataDir, PASSWORD_FILE);
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const password = randomBytes(PASSWORD_BYTES).toString('hex');
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return password;
}

/** Creates the cluster when it is not there yet; a run killed half way leaves nothing that looks complete. */
export function initialiseCluster(
  binaries: PostgresBinaries,
  location: DataLocation,
  password: string,
): void {
  if (existsSync(join(location.clusterDir, 'PG_VERSION'))) return;
  const scratch = `${location.clusterDir}.new`;
  const passwordFile = `${location.clusterDir}.password`;
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  try {
    handOver(scratch, location);
    handOver(passwordFile, location);
    runInitdb(binaries, location, { scratch, passwordFile });
    renameSync(scratch, location.clusterDir);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(scratch, { recursive: true, force: true });
  }
}

function runInitdb(
  binaries: PostgresBinaries,
  location: DataLocation,
  files: { readonly scratch: string; readonly passwordFile: string },
): void {
  const result = spawnSync(
    binaries.initdb,
    [
      `--pgdata=${files.scratch}`,
      `--pwfile=${files.passwordFile}`,
      `--username=${SUPERUSER}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The built-in locale sorts alike on every machine; the host's locales do not.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ],
    { ...location.account, cwd: files.scratch, env: serverEnvironment(), encoding: 'utf8' },
  );
  if (result.status !== 0) {
    const reason = result.error?.message ?? `${result.stdout}${result.stderr}`.trim();
    throw new EmbeddedPostgresError(
      'INITDB_FAILED',
      `PostgreSQL could not create its files in ${location.clusterDir}: ${reason}`,
    );
  }
}

function handOver(path: string, location: DataLocation): void {
  const { uid, gid } = location.account;
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}
