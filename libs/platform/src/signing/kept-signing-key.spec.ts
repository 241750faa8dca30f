import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keptSigningKey } from './kept-signing-key.js';
import { signingKeyFromFile } from './signing-key.js';

const NAME = 'ledger.example/a';
const FILE = 'checkpoint-signing-key.pem';
let parent = '';
let dataDir = '';

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'steelyard-signing-'));
  dataDir = join(parent, 'data');
});

afterEach(async () => {
  await rm(parent, { recursive: true, force: true });
});

describe('keptSigningKey', () => {
  it('makes a key once and keeps it, for its owner only', async () => {
    const first = await keptSigningKey(dataDir, NAME);
    const again = await keptSigningKey(dataDir, NAME);
    expect(again.verifier.text).toBe(first.verifier.text);
    expect(first.verifier.text).toMatch(/^ledger\.example\/a\+[0-9a-f]{8}\+/);
    expect((await stat(join(dataDir, FILE))).mode & 0o777).toBe(0o600);
    expect(await readdir(dataDir)).toEqual([FILE]);
  });

  it('gives all that start at once the same key', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => keptSigningKey(dataDir, NAME)));
    expect(new Set(keys.map((key) => key.verifier.text)).size).toBe(1);
    expect(await readdir(dataDir)).toEqual([FILE]);
  });

  it('makes another key in another directory', async () => {
    const [one, other] = [await keptSigningKey(dataDir, NAME), await keptSigningKey(join(parent, 'b'), NAME)];
    expect(one.verifier.text).not.toBe(other.verifier.text);
  });

  it('never replaces what it cannot read', async () => {
    await keptSigningKey(dataDir, NAME);
    await writeFile(join(dataDir, FILE), 'damaged');
    await expect(keptSigningKey(dataDir, NAME)).rejects.toThrow('no private key in PEM');
    expect(await readFile(join(dataDir, FILE), 'utf8')).toBe('damaged');
  });
});

describe('signingKeyFromFile', () => {
  it('reads a key and says which file it could not read', async () => {
    const kept = await keptSigningKey(dataDir, NAME);
    const path = join(dataDir, FILE);
    await chmod(path, 0o400);
    expect((await signingKeyFromFile(NAME, path)).verifier.text).toBe(kept.verifier.text);
    await expect(signingKeyFromFile(NAME, join(parent, 'none.pem'))).rejects.toThrow(
      'none.pem cannot be read',
    );
  });
});
