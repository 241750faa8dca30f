import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '@steelyard/testing/processes';
import { eventually } from '@steelyard/testing/wait';

const MAIN = fileURLToPath(new URL('../../../../examples/poker-table/dist/main.js', import.meta.url));
const REQUEST_TIMEOUT_MS = 120_000;

/** How long it waits for the platform, unless a test is about what it does then. */
const PATIENCE = { PLATFORM_DEADLINE_MS: '60000' };

export interface SeatBody {
  readonly seat: number;
  readonly stack: number;
}

/** The members of answers that tests read one by one; all of it they compare. */
export interface PokerBody {
  readonly handId: string;
  readonly money: string;
  readonly seats: readonly SeatBody[];
  readonly hand: object | null;
  readonly table: { readonly seats: readonly SeatBody[] };
  readonly payouts: readonly object[];
  readonly topUps: readonly object[];
}

export interface Reply {
  readonly status: number;
  readonly body: PokerBody;
}

/** The example as players meet it: its own process, over HTTP. */
export interface PokerProcess {
  post(path: string, body?: object): Promise<Reply>;
  get(path: string): Promise<Reply>;
  logs(): string;
  kill9(): Promise<void>;
  /** Starts the process again on the same directory, killing the one that still runs. */
  restart(changes?: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

/** Starts `examples/poker-table/dist/main.js` (which must be built). */
export async function startPoker(grpcAddress: string, dataDir: string): Promise<PokerProcess> {
  const port = String(await freePort());
  const lines: string[] = [];
  const launch = async (changes: Readonly<Record<string, string>> = {}): Promise<ChildProcess> => {
    const places = { STEELYARD_GRPC: grpcAddress, PORT: port, DATA_DIR: dataDir };
    const child = spawn(process.execPath, [MAIN], {
      env: { PATH: process.env['PATH'], ...PATIENCE, ...places, ...changes },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (bytes: Buffer) => lines.push(bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => lines.push(bytes.toString()));
    await eventually(async () => {
      if (child.exitCode !== null) throw new Error(`the poker table ended:\n${lines.join('')}`);
      return (await call('GET', '/health')).status === 200;
    });
    return child;
  };
  const call = async (method: string, path: string, body?: object): Promise<Reply> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as PokerBody };
  };
  let child = await launch();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  return {
    post: (path, body) => call('POST', path, body),
    get: (path) => call('GET', path),
    logs: () => lines.join(''),
    kill9: () => end('SIGKILL'),
    restart: async (changes) => {
      await end('SIGKILL');
      child = await launch(changes);
    },
    stop: () => end('SIGTERM'),
  };
}
