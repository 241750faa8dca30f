import { execFileSync, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';

/** The operating-system account that runs the server; empty means the one that runs this process. */
export interface ServerAccount {
  readonly uid?: number;
  readonly gid?: number;
}

const ACCOUNT_NAME = 'postgres';

/**
 * PostgreSQL refuses to run as root, so root hands it to another account: the owner of the data that
 * is already there, else the system account `postgres`, which is created when it is missing.
 */
export function chooseServerAccount(clusterDir: string): ServerAccount {
  if (process.getuid?.() !== 0) return {};
  const existing = statSync(clusterDir, { throwIfNoEntry: false });
  if (existing !== undefined && existing.uid !== 0) return { uid: existing.uid, gid: existing.gid };
  return postgresAccount() ?? createPostgresAccount();
}

/** Whether the server's account can reach the directory through every folder above it. */
export function canReach(account: ServerAccount, directory: string): boolean {
  // Asked of the kernel as that account, because modes alone do not show access lists and mount options.
  const probe = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', directory], {
    ...account,
    cwd: '/',
    stdio: 'ignore',
  });
  return probe.status === 0;
}

function postgresAccount(): ServerAccount | undefined {
  const uid = idOf('-u');
  const gid = idOf('-g');
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

function idOf(flag: '-u' | '-g'): number | undefined {
  const result = spawnSync('id', [flag, ACCOUNT_NAME], { encoding: 'utf8' });
  return result.status === 0 ? Number.parseInt(result.stdout, 10) : undefined;
}

function createPostgresAccount(): ServerAccount {
  try {
    execFileSync('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      ACCOUNT_NAME,
    ]);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'UNREACHABLE_DATA',
      `PostgreSQL does not run as root and the account "${ACCOUNT_NAME}" could not be created: run as another user, or set DATABASE_URL`,
      { cause },
    );
  }
  const created = postgresAccount();
  if (created === undefined) {
    throw new EmbeddedPostgresError(
      'UNREACHABLE_DATA',
      `the account "${ACCOUNT_NAME}" was created but cannot be looked up`,
    );
  }
  return created;
}
