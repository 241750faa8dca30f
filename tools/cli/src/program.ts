import { Command } from 'commander';
import { addAccountsCommand } from './commands/accounts.command.js';
import { addArchiveCommands } from './commands/archive.command.js';
import { addBenchCommand } from './commands/bench.command.js';
import type { CommandContext } from './commands/command-context.js';
import { addImportCommand } from './commands/import.command.js';
import { addReconcileCommand } from './commands/reconcile.command.js';
import { addReplayHandsCommand } from './commands/replay-hands.command.js';
import { addStatementCommand } from './commands/statement.command.js';
import { addTokenCommand } from './commands/token.command.js';
import { addVerifyOfflineCommand } from './commands/verify-offline.command.js';
import { addVerifySealsCommand } from './commands/verify-seals.command.js';
import { addVerifyCommand } from './commands/verify.command.js';

/** The `steelyard` command with all its subcommands. Throws commander's errors instead of ending the process. */
export function createProgram(context: CommandContext): Command {
  const program = new Command('steelyard')
    .description('Work with a running Steelyard platform over its public interfaces.')
    .configureOutput({
      writeOut: (text) => context.output.write(text),
      writeErr: (text) => context.errors.write(text),
    })
    .showHelpAfterError('(steelyard <command> --help shows the options)')
    .exitOverride();
  addTokenCommand(program, context);
  addImportCommand(program, context);
  addReplayHandsCommand(program, context);
  addVerifyCommand(program, context);
  addVerifySealsCommand(program, context);
  addVerifyOfflineCommand(program, context);
  addReconcileCommand(program, context);
  addAccountsCommand(program, context);
  addStatementCommand(program, context);
  addArchiveCommands(program, context);
  addBenchCommand(program, context);
  return program;
}
