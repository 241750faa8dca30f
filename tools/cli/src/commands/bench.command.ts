import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { EXIT_FAILED } from '../cli-error.js';
import { REPOSITORY_ROOT } from '../repository-root.js';
import type { CommandContext } from './command-context.js';

/** `steelyard bench`: the benchmark program, with every argument handed on to it. */
export function addBenchCommand(program: Command, context: CommandContext): void {
  program
    .command('bench')
    .description('run the benchmark: the same as npm run bench -- [arguments]')
    .argument('[arguments...]', 'handed on to the benchmark')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (args: readonly string[]) => {
      context.setExitCode(await runBenchmark(args));
    });
}

async function runBenchmark(args: readonly string[]): Promise<number> {
  const bootstrap = resolve(REPOSITORY_ROOT, 'tools/bootstrap.mjs');
  const child = spawn(process.execPath, [bootstrap, 'bench', ...args], {
    stdio: 'inherit',
    cwd: REPOSITORY_ROOT,
  });
  // Ctrl-C reaches the benchmark too, as a member of the same process group: it decides when to end.
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
