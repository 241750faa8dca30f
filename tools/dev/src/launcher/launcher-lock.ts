import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '@steelyard/processes';
import { LaunchError } from './launch-error.js';

const LOCK_FILE = 'launcher.pid';

/**
 * Makes sure that one launcher at a time works on a data directory: a second one would take the first one's
 * database for a leftover and stop it.
 *
 * @returns a function that gives the directory free
 */
export function lockDataDir(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, LOCK_FILE);
  const holder = readHolder(file);
  if (holder !== undefined && isLauncher(holder)) {
    throw new LaunchError(
      `the platform already runs on ${dataDir} (process ${holder}): stop it first, or set another DATA_DIR`,
    );
  }
  // A launcher that was killed leaves its file behind.
  rmSync(file, { force: true });
  claim(file, dataDir);
  return () => rmSync(file, { force: true });
}

function claim(file: string, dataDir: string): void {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
  } catch (cause) {
    throw new LaunchError(`another launcher just took ${dataDir}`, { cause });
  }
}

function readHolder(file: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isInteger(pid) && pid !== process.pid ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** The number may have been given to another program since. */
function isLauncher(pid: number): boolean {
  if (!isAlive(pid)) return false;
  const listed = spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  return listed.status !== 0 || listed.stdout.includes('launcher');
}
