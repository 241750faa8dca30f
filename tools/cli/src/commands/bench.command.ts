import type { Command } from 'commander';
import { REPOSITORY_ROOT } from '../repository-root.js';
import type { CommandContext } from './command-context.js';
import { runProgram } from './run-program.js';

/** `steelyard bench`: the benchmark program, with every argument handed on to it. */
export function addBenchCommand(program: Command, context: CommandContext): void {
  program
    .command('bench')
    .description('run the benchmark: the same as npm run bench -- [arguments]')
    .argument('[arguments...]', 'handed on to the benchmark')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (args: readonly string[]) => {
      const script = 'tools/bootstrap.mjs';
      context.setExitCode(await runProgram({ script, args: ['bench', ...args], cwd: REPOSITORY_ROOT }));
    });
}
