import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@steelyard/testing/wait';

/** The clock of another process, which stands still between two moves. */
export interface RemoteClock {
  /** The environment to start the process with. */
  readonly env: Readonly<Record<string, string>>;
  /** Resolves when the process goes by the new time: milliseconds since 1970-01-01 UTC. */
  set(nowMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Prepares a clock for one process that is started with its environment. */
export async function createRemoteClock(startMs: number): Promise<RemoteClock> {
  const folder = await mkdtemp(join(tmpdir(), 'steelyard-clock-'));
  const path = join(folder, 'clock');
  let socket: Socket | undefined;
  let current = startMs;
  return {
    env: {
      NODE_OPTIONS: `--import=${new URL('./settable-clock.ts', import.meta.url).href}`,
      CLOCK_SOCKET: path,
      CLOCK_MS: `${startMs}`,
    },
    set: async (nowMs) => {
      if (nowMs === current) return;
      socket ??= await eventually(() => connected(path));
      const answered = once(socket, 'data');
      socket.write(`${nowMs}\n`);
      await answered;
      current = nowMs;
    },
    close: async () => {
      socket?.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function connected(path: string): Promise<Socket> {
  const socket = createConnection(path);
  await once(socket, 'connect');
  return socket;
}
