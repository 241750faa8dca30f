import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Beside the password of the server: whoever may read the one may read the other. */
const FILE = 'database-url';
const FILE_MODE = 0o600;

/** Leaves the address of the embedded server for commands that work on the database itself. */
export function writeDatabaseAddress(dataDir: string, url: string): void {
  const path = join(dataDir, FILE);
  // An old file would keep its mode.
  rmSync(path, { force: true });
  writeFileSync(path, `${url}\n`, { mode: FILE_MODE });
}

/** Takes it away: nothing listens there any more. */
export function removeDatabaseAddress(dataDir: string): void {
  rmSync(join(dataDir, FILE), { force: true });
}
