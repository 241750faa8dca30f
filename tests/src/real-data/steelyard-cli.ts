import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const REPOSITORY_DIR = fileURLToPath(new URL('../../../', import.meta.url));
const COMMAND = `${REPOSITORY_DIR}tools/cli/bin/steelyard.mjs`;
const COMPILED = `${REPOSITORY_DIR}tools/cli/dist/main.js`;

/** How a run of the command ended and what it printed. */
export interface CliResult {
  /** null when it was killed. */
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A run of the command that has not ended yet. */
export interface CliRun {
  readonly finished: Promise<CliResult>;
  kill(signal: 'SIGINT' | 'SIGKILL'): void;
}

/** Starts the real `steelyard` command as a process of its own. */
export function startCli(apiUrl: string, token: string, args: readonly string[]): CliRun {
  return start(args, { STEELYARD_URL: apiUrl, STEELYARD_TOKEN: token });
}

/** Runs a command that works on a database itself, in an environment that says which. */
export function runInEnvironment(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<CliResult> {
  return start(args, env).finished;
}

function start(args: readonly string[], env: Readonly<Record<string, string>>): CliRun {
  if (!existsSync(COMPILED)) throw new Error('tools/cli is not built: run npm run build');
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd: REPOSITORY_DIR,
    env: { PATH: process.env['PATH'], ...env },
  });
  return { finished: collect(child), kill: (signal) => void child.kill(signal) };
}

/** Runs the command to its end. */
export function runCli(apiUrl: string, token: string, args: readonly string[]): Promise<CliResult> {
  return startCli(apiUrl, token, args).finished;
}

function collect(child: ChildProcessWithoutNullStreams): Promise<CliResult> {
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdin.end();
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, output, errors }));
  });
}
