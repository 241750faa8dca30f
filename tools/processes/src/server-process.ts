import { spawn, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { guardServer } from './parent-guard.js';
import { waitUntil } from './wait-until.js';

/** How to run a third-party server on 127.0.0.1. */
export interface ServerProcessOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly port: number;
  /** Sent after connecting, for servers that speak only when spoken to. */
  readonly hello?: string;
  /** Beginning of what a ready server answers. */
  readonly greeting: string;
}

const READY_TIMEOUT_MS = 120_000;
const PROBE_TIMEOUT_MS = 1_000;
const STOP_DEADLINE_MS = 60_000;
const OUTPUT_CHARACTERS_MAX = 20_000;

/** A server such as Redis or NATS as a child process that ends when this process does. */
export class ServerProcess {
  private readonly exited: Promise<void>;
  private output = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly options: ServerProcessOptions,
  ) {
    const release = child.pid === undefined ? () => undefined : guardServer(child.pid, 'TERM');
    this.exited = new Promise((done) => {
      const finish = (): void => {
        release();
        done();
      };
      child.once('exit', finish);
      child.once('error', (error) => {
        this.output += error.message;
        finish();
      });
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output = (this.output + chunk.toString()).slice(-OUTPUT_CHARACTERS_MAX);
      });
    }
  }

  /**
   * Starts the program and waits until it answers.
   *
   * @throws Error with the program's output when it ends or stays silent
   */
  static async start(options: ServerProcessOptions): Promise<ServerProcess> {
    const child = spawn(options.program, options.args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const server = new ServerProcess(child, options);
    const answered = await waitUntil(async () => server.hasExited || (await greets(options)), {
      timeoutMs: READY_TIMEOUT_MS,
    });
    if (answered && !server.hasExited) return server;
    await server.kill9();
    throw new Error(`${options.program} did not start on port ${options.port}:\n${server.output}`);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get port(): number {
    return this.options.port;
  }

  /** Asks the server to end and waits; one that hangs is killed. Safe to call twice. */
  async stop(): Promise<void> {
    if (!this.hasExited) this.child.kill('SIGTERM');
    const escalation = setTimeout(() => this.child.kill('SIGKILL'), STOP_DEADLINE_MS);
    await this.exited;
    clearTimeout(escalation);
  }

  /** Kills the server without warning and waits until it is gone. */
  async kill9(): Promise<void> {
    if (!this.hasExited) this.child.kill('SIGKILL');
    await this.exited;
  }

  private get hasExited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null || this.child.pid === undefined;
  }
}

function greets(options: ServerProcessOptions): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect({ port: options.port, host: '127.0.0.1' });
    const finish = (isGreeting: boolean): void => {
      socket.destroy();
      answer(isGreeting);
    };
    socket.setTimeout(PROBE_TIMEOUT_MS, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('connect', () => options.hello !== undefined && socket.write(options.hello));
    socket.once('data', (chunk) => finish(chunk.toString().startsWith(options.greeting)));
  });
}
