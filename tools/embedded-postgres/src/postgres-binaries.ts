import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import { SHARED_STATE_DIR } from './data-location.js';
import { canReach, type ServerAccount } from './server-account.js';

/** Absolute paths of the server's programs. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
}

interface PlatformPackage {
  readonly dir: string;
  readonly version: string;
}

/**
 * The PostgreSQL programs that npm installed, in a place where the server's account can run them.
 * A checkout below a private directory (such as /root) is out of its reach, so the programs are then
 * copied once per version to a shared directory.
 */
export function locateBinaries(account: ServerAccount): PostgresBinaries {
  const installed = platformPackage();
  const native = join(installed.dir, 'native');
  const usable = canReach(account, join(native, 'lib')) ? native : sharedCopy(native, installed.version);
  const binaries = binariesIn(usable);
  if (!runs(binaries.postgres, account)) {
    restoreSymlinks(installed.dir);
    if (!runs(binaries.postgres, account)) throw brokenBinaries(binaries.postgres, account);
  }
  return binaries;
}

function platformPackage(): PlatformPackage {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  // Resolved from embedded-postgres, whose optional dependencies hold the build of each platform.
  const fromWrapper = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const dir = (fromWrapper.resolve.paths(name) ?? [])
    .map((root) => join(root, name))
    .find((candidate) => existsSync(join(candidate, 'package.json')));
  if (dir === undefined) {
    throw new EmbeddedPostgresError(
      'UNSUPPORTED_PLATFORM',
      `no embedded PostgreSQL for this platform (${name} is not installed): set DATABASE_URL to a server of your own`,
    );
  }
  const manifest: unknown = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest
      ? String(manifest.version)
      : 'unknown';
  return { dir, version };
}

function binariesIn(native: string): PostgresBinaries {
  const suffix = platform() === 'win32' ? '.exe' : '';
  return {
    postgres: join(native, 'bin', `postgres${suffix}`),
    initdb: join(native, 'bin', `initdb${suffix}`),
  };
}

function sharedCopy(native: string, version: string): string {
  const target = join(SHARED_STATE_DIR, `embedded-postgres-${version}-${platform()}-${arch()}`);
  if (existsSync(target)) return target;
  mkdirSync(SHARED_STATE_DIR, { recursive: true, mode: 0o755 });
  const scratch = mkdtempSync(join(SHARED_STATE_DIR, '.copy-'));
  try {
    const copy = join(scratch, 'native');
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    // The rename makes the copy appear whole or not at all, also when two runs copy at the same time.
    renameSync(copy, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return target;
}

function runs(program: string, account: ServerAccount): boolean {
  return spawnSync(program, ['--version'], { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** npm cannot package symlinks: the package's install script makes them, and `--ignore-scripts` skips it. */
function restoreSymlinks(packageDir: string): void {
  const script = join(packageDir, 'scripts', 'hydrate-symlinks.js');
  if (existsSync(script))
    spawnSync(process.execPath, [script], { cwd: dirname(dirname(script)), stdio: 'ignore' });
}

function brokenBinaries(program: string, account: ServerAccount): EmbeddedPostgresError {
  const attempt = spawnSync(program, ['--version'], { ...account, cwd: '/', encoding: 'utf8' });
  const reason = attempt.error?.message ?? attempt.stderr.trim();
  return new EmbeddedPostgresError(
    'BINARIES_BROKEN',
    `the embedded PostgreSQL does not run: ${reason}; try npm ci, or set DATABASE_URL`,
  );
}
