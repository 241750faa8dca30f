import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jwtVerify } from 'jose';
import { readDevelopmentSecret, signDevelopmentToken } from './development-token.js';

describe('development tokens', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'steelyard-token-'));
  });

  afterEach(() => rm(directory, { recursive: true }));

  it('carry subject, roles and expiry under the secret', async () => {
    const token = await signDevelopmentToken('a secret', {
      subject: 'alice',
      roles: ['operator'],
      expiresIn: '2h',
    });
    const { payload } = await jwtVerify(token, new TextEncoder().encode('a secret'));
    expect(payload).toMatchObject({ sub: 'alice', roles: ['operator'] });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(7_200);
  });

  it('refuse a span that is none', async () => {
    const claims = { subject: 'alice', roles: [], expiresIn: 'tomorrow' };
    await expect(signDevelopmentToken('a secret', claims)).rejects.toThrow('"tomorrow" is not a time span');
  });

  it('take the secret of the environment before that of the data directory', async () => {
    await writeFile(join(directory, 'jwt-secret'), 'from the file\n');
    expect(await readDevelopmentSecret({ DATA_DIR: directory })).toBe('from the file');
    expect(await readDevelopmentSecret({ DATA_DIR: directory, JWT_HS256_SECRET: 'given' })).toBe('given');
  });

  it('say what to do where there is no secret', async () => {
    await expect(readDevelopmentSecret({ DATA_DIR: directory })).rejects.toThrow(
      'set JWT_HS256_SECRET, or run npm start',
    );
  });
});
