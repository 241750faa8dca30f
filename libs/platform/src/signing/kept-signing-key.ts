import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { link, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { signingKeyFromFile, type SigningKey } from './signing-key.js';

const FILE_NAME = 'checkpoint-signing-key.pem';
const OWNER_ONLY = 0o600;

/**
 * The signing key of a platform that was given none: read from the data directory, or made and kept there. Two
 * processes that start at once agree on one, and a crash leaves a whole key or none. Throws SigningKeyError when
 * what is kept is no key.
 */
export async function keptSigningKey(dataDir: string, name: string): Promise<SigningKey> {
  const path = join(dataDir, FILE_NAME);
  await mkdir(dataDir, { recursive: true });
  if (!(await exists(path))) await keepNewKey(path);
  return signingKeyFromFile(name, path);
}

async function exists(path: string): Promise<boolean> {
  try {
    await (await open(path, 'r')).close();
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/** Written whole under another name first; whoever links it to the name first has made the key. */
async function keepNewKey(path: string): Promise<void> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const ownPath = `${path}.${randomUUID()}`;
  const file = await open(ownPath, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(ownPath, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(ownPath);
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
