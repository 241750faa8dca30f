import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { APPS, type AppDescription, type AppName } from './app-catalogue.js';
import { sendSignal } from './process-signals.js';
import { waitUntil } from './wait-until.js';

/** How to run one application. */
export interface AppProcessOptions {
  readonly name: AppName;
  readonly repositoryDir: string;
  /** The whole environment of the application; nothing is inherited silently. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Receives each line of standard output and standard error. */
  readonly onLine?: (line: string) => void;
}

/** How an application ended. */
export interface AppExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** An application answers open requests before it ends; what takes longer than this hangs. */
const STOP_DEADLINE_MS = 60_000;
const PROBE_TIMEOUT_MS = 5_000;
const PROBE_INTERVAL_MS = 40;

const LOOPBACK = '127.0.0.1';
const LISTEN_EVERYWHERE = ['0.0.0.0', '::'];

/**
 * A batch's objects live until its commit: in a larger young generation most are gone before they are ever copied,
 * which made deciding and encoding a batch about a quarter cheaper, for some tens of megabytes.
 */
const NODE_OPTIONS: Partial<Record<AppName, readonly string[]>> = { balance: ['--max-semi-space-size=64'] };

/** Enough to see why an application did not start. */
const REMEMBERED_LINES_MAX = 2_000;
const QUOTED_LINES = 15;

/** One application as a process of its own, which ends when this process does (it watches the IPC channel). */
export class AppProcess {
  readonly name: AppName;
  /** Resolves when the process has ended, however that came about. */
  readonly exited: Promise<AppExit>;
  private readonly child: ChildProcess;
  private readonly lines: string[] = [];

  constructor(private readonly options: AppProcessOptions) {
    this.name = options.name;
    const main = join(options.repositoryDir, APPS[options.name].main);
    this.child = spawn(process.execPath, [...(NODE_OPTIONS[options.name] ?? []), main], {
      cwd: options.repositoryDir,
      env: { ...options.env },
      // A group of its own: Ctrl-C reaches the launcher only, which stops things in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.exited = new Promise((done) => {
      // 'close' and not 'exit': by then the last lines have been read.
      this.child.once('close', (code, signal) => done({ code, signal }));
    });
    this.child.once('error', (error) => this.remember(`cannot be started: ${error.message}`));
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.remember(line));
    }
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get hasExited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null || this.child.pid === undefined;
  }

  /** Base address of the application's HTTP server, without a path. */
  get httpUrl(): string {
    return `http://${this.host}:${this.portOf(APPS[this.name].httpPort)}`;
  }

  /** Address of the application's gRPC server; undefined for the gateway. */
  get grpcTarget(): string | undefined {
    const description: AppDescription = APPS[this.name];
    return description.grpcPort === undefined
      ? undefined
      : `${this.host}:${this.portOf(description.grpcPort)}`;
  }

  /** What the application wrote, newest last, bounded. */
  get output(): string {
    return this.lines.join('\n');
  }

  /**
   * Waits until the application reports ready.
   *
   * @throws Error with the application's last lines when it ends before, when the time is over or when the
   *   signal is aborted
   */
  async ready(limits: { readonly timeoutMs: number; readonly signal?: AbortSignal }): Promise<void> {
    const { timeoutMs, signal } = limits;
    const isOver = (): boolean => this.hasExited || signal?.aborted === true;
    const isReady = await waitUntil(async () => isOver() || (await this.answersReady()), {
      timeoutMs,
      intervalMs: PROBE_INTERVAL_MS,
    });
    if (isReady && !isOver()) return;
    if (signal?.aborted === true) throw new Error(`${this.name} is not wanted any more`);
    if (this.hasExited) await this.exited;
    const what = this.hasExited ? 'ended before it was ready' : `is not ready after ${timeoutMs} ms`;
    throw new Error(`${this.name} ${what}:\n${this.lines.slice(-QUOTED_LINES).join('\n')}`);
  }

  /** Asks the application to end and waits; one that hangs is killed. Safe to call twice. */
  async stop(): Promise<AppExit> {
    if (!this.hasExited) this.child.kill('SIGTERM');
    const escalation = setTimeout(() => this.child.kill('SIGKILL'), STOP_DEADLINE_MS);
    const exit = await this.exited;
    clearTimeout(escalation);
    return exit;
  }

  /** Kills the process without warning and waits until it is gone. */
  async kill9(): Promise<void> {
    if (this.child.pid !== undefined && !this.hasExited) sendSignal(this.child.pid, 'SIGKILL');
    await this.exited;
  }

  private async answersReady(): Promise<boolean> {
    try {
      const url = `${this.httpUrl}${APPS[this.name].readyPath}`;
      const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
      await response.body?.cancel();
      return response.status === 200;
    } catch {
      // Not listening yet, or too busy to answer in time: both mean "not ready now".
      return false;
    }
  }

  /** An address to listen on everywhere is none to call. */
  private get host(): string {
    const host = this.options.env['HOST'] ?? LOOPBACK;
    return LISTEN_EVERYWHERE.includes(host) ? LOOPBACK : host;
  }

  private portOf(port: { readonly variable: string; readonly defaultPort: number }): string {
    return this.options.env[port.variable] ?? String(port.defaultPort);
  }

  private remember(line: string): void {
    this.lines.push(line);
    if (this.lines.length > REMEMBERED_LINES_MAX) this.lines.shift();
    this.options.onLine?.(line);
  }
}
