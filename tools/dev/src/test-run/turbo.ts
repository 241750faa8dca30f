import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { sendSignal } from '@steelyard/processes';
import type { Selection } from './selection.js';

/** Two packages at a time: most suites keep a database and several applications busy already. */
const CONCURRENCY = 2;

const STOP_DEADLINE_MS = 20_000;

/** What to run, and how to interrupt it. */
export interface TestRunOptions {
  readonly repositoryDir: string;
  readonly selection: Selection;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/**
 * Runs `turbo run test`; every package runs even when others fail.
 *
 * @returns whether all of them passed; false as well when the run was interrupted
 */
export function runTests(options: TestRunOptions): Promise<boolean> {
  const { repositoryDir, selection, env, signal } = options;
  if (signal.aborted) return Promise.resolve(false);
  const jestArguments = selection.jestArguments.length === 0 ? [] : ['--', ...selection.jestArguments];
  const turbo = spawn(
    join(repositoryDir, 'node_modules', '.bin', 'turbo'),
    [
      ...['run', 'test', `--concurrency=${CONCURRENCY}`, '--continue=dependencies-successful'],
      ...['--output-logs=full', '--ui=stream'],
      ...selection.turboArguments,
      ...jestArguments,
    ],
    // A group of its own: turbo's launcher passes no signal on, so the whole group gets it below.
    { cwd: repositoryDir, env, stdio: ['ignore', 'inherit', 'inherit'], detached: true },
  );
  signal.addEventListener('abort', () => {
    if (turbo.pid === undefined) return;
    const group = -turbo.pid;
    sendSignal(group, 'SIGINT');
    setTimeout(() => sendSignal(group, 'SIGKILL'), STOP_DEADLINE_MS).unref();
  });
  return new Promise((answer, reject) => {
    turbo.once('error', reject);
    turbo.once('close', (code) => answer(code === 0 && !signal.aborted));
  });
}
