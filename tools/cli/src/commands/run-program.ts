import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { EXIT_FAILED } from '../cli-error.js';
import { REPOSITORY_ROOT } from '../repository-root.js';

/** A program of the repository. */
export interface Program {
  /** Its path in the repository. */
  readonly script: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** Runs a program in place of the command, on the same terminal, and gives its exit code. */
export async function runProgram({ script, args, env, cwd }: Program): Promise<number> {
  const child = spawn(process.execPath, [resolve(REPOSITORY_ROOT, script), ...args], {
    stdio: 'inherit',
    env,
    cwd,
  });
  // Ctrl-C reaches the program too, as a member of the same process group: it decides when to end.
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore);
  try {
    return await new Promise((settle, fail) => {
      child.once('error', fail);
      child.once('exit', (code) => settle(code ?? EXIT_FAILED));
    });
  } finally {
    process.off('SIGINT', ignore);
  }
}
