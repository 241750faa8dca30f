import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CliError } from '../cli-error.js';
import { REPOSITORY_ROOT } from '../repository-root.js';
import type { CommandContext } from './command-context.js';
import { runProgram } from './run-program.js';

/** Where `npm start` writes how its embedded database is reached. */
const DATABASE_URL_FILE = 'database-url';

/**
 * `steelyard export-ledger` and `steelyard import-ledger`: the whole ledger as a file. They work on the database
 * itself, as programs of the balance app, which alone knows its tables.
 */
export function addArchiveCommands(program: Command, context: CommandContext): void {
  program
    .command('export-ledger')
    .description('write the whole ledger into a file, from one snapshot, while posting goes on')
    .requiredOption('--out <file>', 'where to write it; - for standard output')
    .action(async ({ out }: { readonly out: string }) => {
      context.setExitCode(await run('export-ledger', out, context.environment));
    });
  program
    .command('import-ledger')
    .description('take the whole ledger from a file into an empty deployment, proving every line')
    .argument('<file>', 'what export-ledger wrote; - for standard input')
    .action(async (file: string) => {
      context.setExitCode(await run('import-ledger', file, context.environment));
    });
}

async function run(name: string, file: string, environment: NodeJS.ProcessEnv): Promise<number> {
  const script = `apps/balance/dist/${name}.js`;
  const env = { ...environment, DATABASE_URL: await findDatabase(environment) };
  // Ctrl-C ends the program, and with it its transaction.
  return runProgram({ script, args: [file], env });
}

/** DATABASE_URL, else the embedded database of a running `npm start`. */
async function findDatabase(environment: NodeJS.ProcessEnv): Promise<string> {
  const given = environment['DATABASE_URL'];
  if (given !== undefined && given !== '') return given;
  const path = resolve(REPOSITORY_ROOT, environment['DATA_DIR'] ?? '.data', DATABASE_URL_FILE);
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    throw new CliError(
      `there is no database to work on: set DATABASE_URL, or start the platform with npm start, which writes ${path}`,
      { cause },
    );
  }
}
