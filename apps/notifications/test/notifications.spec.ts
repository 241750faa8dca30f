import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@steelyard/processes';
import { useDatabase } from '@steelyard/testing/postgres';
import { eventually } from '@steelyard/testing/wait';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const EXIT_CONFIG = 78;

const database = useDatabase();

/** The app as its launcher starts it: with an IPC channel, and with nothing of the test's own environment. */
class RunningApp {
  readonly messages: unknown[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<readonly unknown[]>;
  stdout = '';
  stderr = '';

  constructor(env: NodeJS.ProcessEnv) {
    this.#child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.#child.stdout?.on('data', (bytes: Buffer) => (this.stdout += bytes.toString()));
    this.#child.stderr?.on('data', (bytes: Buffer) => (this.stderr += bytes.toString()));
    this.#child.on('message', (message) => this.messages.push(message));
    // Not 'close': Node does not emit it after a disconnect from this side.
    this.#ended = ended(this.#child);
  }

  /** Events of the app's life; those of its database come in between. */
  get events(): unknown[] {
    return this.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { event: string }).event)
      .filter((event) => event.startsWith('app.'));
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  disconnect(): void {
    this.#child.disconnect();
  }

  async exitCode(): Promise<unknown> {
    const [code] = await this.#ended;
    return code;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

/** The exit code and signal, once everything that the process wrote has arrived. */
async function ended(child: ChildProcess): Promise<readonly unknown[]> {
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const [exit]: readonly (readonly unknown[])[] = await Promise.all([
    once(child, 'exit'),
    ...streams.map((stream) => once(stream, 'end')),
  ]);
  return exit ?? [];
}

describe('notifications', () => {
  const started: RunningApp[] = [];
  const balance = new Server();
  let env: NodeJS.ProcessEnv;
  let httpUrl: string;

  beforeAll(async () => {
    const port = await new Promise<number>((resolve, reject) =>
      balance.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    const httpPort = await freePort();
    httpUrl = `http://127.0.0.1:${httpPort}`;
    env = {
      PATH: process.env['PATH'],
      DATABASE_URL: database.url,
      BALANCE_GRPC_PORT: String(port),
      NOTIFICATIONS_HTTP_PORT: String(httpPort),
      NOTIFICATIONS_GRPC_PORT: String(await freePort()),
    };
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((app) => app.end()));
  });
  afterAll(() => balance.forceShutdown());

  function start(changes: NodeJS.ProcessEnv = {}): RunningApp {
    const app = new RunningApp({ ...env, ...changes });
    started.push(app);
    return app;
  }

  async function startListening(changes: NodeJS.ProcessEnv = {}): Promise<RunningApp> {
    const app = start(changes);
    await eventually(() => expect(app.messages).toEqual([{ type: 'ready' }]));
    return app;
  }

  async function readiness(): Promise<unknown> {
    const response = await fetch(`${httpUrl}/ready`);
    return [response.status, await response.json()];
  }

  it('tells its launcher that it listens, and is ready when PostgreSQL and the balance app are there', async () => {
    await startListening();
    const ready = {
      status: 'ready',
      checks: [
        { name: 'postgres', state: 'up' },
        { name: 'balance', state: 'up' },
      ],
    };
    await eventually(async () => expect(await readiness()).toEqual([200, ready]));
  });

  it('is up but not ready without the balance app', async () => {
    await startListening({ BALANCE_GRPC_PORT: '1' });
    expect((await fetch(`${httpUrl}/health`)).status).toBe(200);
    const notReady = {
      status: 'not-ready',
      checks: [
        { name: 'postgres', state: 'up' },
        { name: 'balance', state: 'down' },
      ],
    };
    await eventually(async () => expect(await readiness()).toEqual([503, notReady]));
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends in order on %s', async (signal) => {
    const app = await startListening();
    app.kill(signal);
    expect(await app.exitCode()).toBe(0);
    expect(app.events).toEqual(['app.listening', 'app.stopping', 'app.stopped']);
  });

  it('ends when its launcher is gone', async () => {
    const app = await startListening();
    app.disconnect();
    expect(await app.exitCode()).toBe(0);
  });

  it('stops at once on a wrong configuration, with one line that names every variable', async () => {
    const app = start({ DATABASE_URL: '', NOTIFICATIONS_HTTP_PORT: 'http', TRANSPORT: 'pigeon' });
    expect(await app.exitCode()).toBe(EXIT_CONFIG);
    expect(app.stdout).toBe('');
    expect(app.stderr.split('\n')).toEqual([
      expect.stringMatching(
        /^notifications: wrong configuration: .*DATABASE_URL.*TRANSPORT.*NOTIFICATIONS_HTTP_PORT/,
      ),
      '',
    ]);
  });

  it('fails with a log line when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    try {
      const app = start({ NOTIFICATIONS_HTTP_PORT: String((other.address() as AddressInfo).port) });
      expect(await app.exitCode()).toBe(1);
      expect(app.events).toEqual(['app.start.failed']);
    } finally {
      other.close();
    }
  });
});
