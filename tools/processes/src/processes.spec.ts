import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { freePort, guardServer, isAlive, isPortFree, ServerProcess, waitUntil } from './index.js';

const DEADLINE_MS = 60_000;

describe('ports', () => {
  it('finds different free ports for callers at the same time', async () => {
    const ports = await Promise.all(Array.from({ length: 10 }, () => freePort()));
    expect(new Set(ports).size).toBe(10);
    for (const port of ports) expect(await isPortFree(port, '127.0.0.1')).toBe(true);
  });

  it('does not give a port that another process was given, though nobody listens on it yet', async () => {
    const taken = createSocket('udp4');
    const first = await freePort();
    // The kernel keeps the claim of this process; another one would fail in the same way.
    taken.bind({ port: first, address: '127.0.0.1', exclusive: true });
    await expect(once(taken, 'listening')).rejects.toMatchObject({ code: 'EADDRINUSE' });
    taken.close();
  });

  it('sees that a port is taken', async () => {
    const port = await freePort();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    expect(await isPortFree(port, '127.0.0.1')).toBe(false);
    server.close();
  });
});

describe('waitUntil', () => {
  it('answers false when the time is over', async () => {
    expect(await waitUntil(() => false, { timeoutMs: 20, intervalMs: 5 })).toBe(false);
  });

  it('passes on what the question throws', async () => {
    const failing = waitUntil(
      () => {
        throw new Error('broken question');
      },
      { timeoutMs: DEADLINE_MS },
    );
    await expect(failing).rejects.toThrow('broken question');
  });
});

describe('guardServer', () => {
  it('stops a server whose owner is killed without warning', async () => {
    const server = spawn('sleep', ['300'], { stdio: 'ignore', detached: true });
    const serverPid = server.pid ?? 0;
    const guard = new URL('../dist/index.js', import.meta.url).href;
    const owner = spawn(process.execPath, [
      '--input-type=module',
      '--eval',
      `import { guardServer } from '${guard}'; guardServer(${serverPid}, 'TERM'); console.log('guarding'); setInterval(() => {}, 1000);`,
    ]);
    await once(owner.stdout, 'data');
    owner.kill('SIGKILL');
    await once(server, 'exit');
    expect(server.signalCode).toBe('SIGTERM');
  });

  it('leaves the process alone once it is released', async () => {
    const server = spawn('sleep', ['300'], { stdio: 'ignore' });
    const release = guardServer(server.pid ?? 0, 'TERM');
    release();
    expect(isAlive(server.pid ?? 0)).toBe(true);
    server.kill('SIGKILL');
    await once(server, 'exit');
  });
});

describe('ServerProcess', () => {
  it('reports what a program said that ended instead of serving', async () => {
    const starting = ServerProcess.start({
      program: process.execPath,
      args: ['--eval', 'console.error("no licence"); process.exit(1)'],
      port: await freePort(),
      greeting: 'never',
    });
    await expect(starting).rejects.toThrow('no licence');
  });

  it('reports a program that does not exist', async () => {
    const starting = ServerProcess.start({
      program: 'no-such-program',
      args: [],
      port: await freePort(),
      greeting: 'never',
    });
    await expect(starting).rejects.toThrow('no-such-program');
  });
});
