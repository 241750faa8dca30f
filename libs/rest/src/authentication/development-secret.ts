import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE_NAME = 'jwt-secret';
/** What HS256 asks for: as many bits as its hash has. */
const SECRET_BYTES = 32;
const OWNER_ONLY = 0o600;

/**
 * The secret of a development platform: read from the data directory, or made and kept there, so that tokens
 * outlive a restart and the command line tools can make them. Two processes that start at once agree on one.
 */
export async function developmentSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, FILE_NAME);
  await mkdir(dataDir, { recursive: true });
  try {
    await writeFile(path, randomBytes(SECRET_BYTES).toString('base64url'), { mode: OWNER_ONLY, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return (await readFile(path, 'utf8')).trim();
}
