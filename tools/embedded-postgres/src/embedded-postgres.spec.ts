import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort, isAlive, waitUntil } from '@steelyard/processes';
import { Client } from 'pg';
import { EmbeddedPostgres, type EmbeddedPostgresError } from './index.js';
import { readPostmasterFile } from './postmaster-file.js';

const isRoot = process.getuid?.() === 0;
const STOP_TIMEOUT_MS = 20_000;

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<Record<string, unknown>>(text);
    return result.rows;
  } finally {
    await client.end();
  }
}

describe('EmbeddedPostgres', () => {
  let dataDir: string;
  let started: EmbeddedPostgres[];

  const start = async (port: number): Promise<EmbeddedPostgres> => {
    const server = await EmbeddedPostgres.start({ dataDir, port });
    started.push(server);
    return server;
  };

  beforeEach(() => {
    // Private to this account, as `mktemp -d` makes it: the server's account cannot pass when this is root.
    dataDir = mkdtempSync(join(tmpdir(), 'steelyard-embedded-'));
    started = [];
  });

  afterEach(async () => {
    for (const server of started) await server.destroy();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('says that the port is in use', async () => {
    const port = await freePort();
    const occupant = createServer().listen(port, '127.0.0.1');
    try {
      await expect(start(port)).rejects.toMatchObject({
        failure: 'PORT_BUSY',
      } satisfies Partial<EmbeddedPostgresError>);
    } finally {
      occupant.close();
    }
  });

  it('refuses a wrong password', async () => {
    const server = await start(await freePort());
    await expect(query(server.url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toMatchObject({
      code: '28P01',
    });
  });

  it('keeps data and password over a restart, and the password to its owner', async () => {
    const port = await freePort();
    const first = await start(port);
    await query(first.url, 'create table proof (n int8); insert into proof values (7)');
    await first.stop();
    const second = await start(port);
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'select n::text from proof')).toEqual([{ n: '7' }]);
    expect(statSync(join(dataDir, 'postgres-password')).mode & 0o777).toBe(0o600);
  });

  it('puts the cluster inside the data directory, or where its account can reach it', async () => {
    const server = await start(await freePort());
    const marker = join(dataDir, 'postgres-location');
    expect(existsSync(marker)).toBe(isRoot);
    expect(server.clusterDir).toBe(isRoot ? readFileSync(marker, 'utf8').trim() : join(dataDir, 'postgres'));
    await server.destroy();
    expect(existsSync(server.clusterDir)).toBe(!isRoot);
  });

  it('refuses a location marker that points out of its place', async () => {
    writeFileSync(join(dataDir, 'postgres-location'), '/etc\n');
    await expect(start(await freePort())).rejects.toMatchObject({ failure: 'UNREACHABLE_DATA' });
  });

  it('stops a server that a killed process left behind, and starts on its data', async () => {
    const left = await start(await freePort());
    await query(left.url, 'create table proof (n int8)');
    const leftPid = readPostmasterFile(left.clusterDir)?.pid ?? 0;
    const next = await start(await freePort());
    expect(isAlive(leftPid)).toBe(false);
    expect(await query(next.url, 'select * from proof')).toEqual([]);
  });

  it('does not take a stranger with the recorded process id for a leftover', async () => {
    const port = await freePort();
    const server = await start(port);
    await server.kill9();
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    try {
      writeFileSync(
        join(server.clusterDir, 'postmaster.pid'),
        `${stranger.pid}\n${server.clusterDir}\n0\n${port}\n`,
      );
      const next = await start(port);
      expect(isAlive(stranger.pid ?? 0)).toBe(true);
      expect(await query(next.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    } finally {
      stranger.kill('SIGKILL');
    }
  });

  it('ends with its backends at once when killed', async () => {
    const server = await start(await freePort());
    const client = new Client({ connectionString: server.url });
    const ended = new Promise<void>((done) => client.once('end', () => done()));
    client.on('error', () => undefined);
    await client.connect();
    await server.kill9();
    await ended;
    const pid = readPostmasterFile(server.clusterDir)?.pid ?? 0;
    expect(await waitUntil(() => !isAlive(pid), { timeoutMs: STOP_TIMEOUT_MS })).toBe(true);
  });
});
