import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DirectoryLock, JournalLockedError } from './directory-lock.js';

describe('DirectoryLock', () => {
  let directory: string;
  let path: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'steelyard-lock-'));
    path = join(directory, 'journal.lock');
  });
  afterEach(() => rm(directory, { recursive: true }));

  const writeOwner = (owner: object): Promise<void> =>
    writeFile(path, JSON.stringify({ token: 't', ...owner }));

  it('is held by one at a time, and can be had again', async () => {
    const lock = await DirectoryLock.acquire(path);
    await expect(DirectoryLock.acquire(path)).rejects.toThrow(JournalLockedError);
    await lock.release();
    const again = await DirectoryLock.acquire(path);
    await again.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('is held by another living process', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      await once(child, 'spawn');
      await writeOwner({ pid: child.pid, startedAt: '', host: hostname() });
      await expect(DirectoryLock.acquire(path)).rejects.toThrow(`process ${child.pid ?? ''}`);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
  });

  it('is taken over from a process that is dead', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'close');
    await writeOwner({ pid: child.pid, startedAt: '1', host: hostname() });
    await (await DirectoryLock.acquire(path)).release();
  });

  it('is taken over when the number now belongs to a later process', async () => {
    await writeOwner({ pid: process.pid, startedAt: '1', host: hostname() });
    await (await DirectoryLock.acquire(path)).release();
  });

  it('is taken over when nobody can be recognised in it', async () => {
    await writeFile(path, '');
    await (await DirectoryLock.acquire(path)).release();
  });

  it('is held by another machine as long as that shows signs of life', async () => {
    await writeOwner({ pid: 1, startedAt: '', host: 'another' });
    await expect(DirectoryLock.acquire(path)).rejects.toThrow('on another');
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(path, longAgo, longAgo);
    await (await DirectoryLock.acquire(path)).release();
  });

  it('goes to one of many who find it stale at the same time', async () => {
    await writeOwner({ pid: process.pid, startedAt: '1', host: hostname() });
    const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => DirectoryLock.acquire(path)));
    const winners = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
    expect(winners).toHaveLength(1);
    await Promise.all(winners.map((lock) => lock.release()));
  });
});
