import { CommanderError } from 'commander';
import { CliError, EXIT_FAILED, EXIT_OK, EXIT_USAGE } from './cli-error.js';
import { createProgram } from './program.js';

const program = createProgram({
  environment: process.env,
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
  setExitCode: (code) => (process.exitCode = code),
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}

/** One line that says what to do, never a stack trace; STEELYARD_DEBUG shows where it came from. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === EXIT_OK ? EXIT_OK : EXIT_USAGE;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`steelyard: ${message.replaceAll('\n', ' ')}\n`);
  if (process.env['STEELYARD_DEBUG'] && error instanceof Error)
    process.stderr.write(`${error.stack ?? ''}\n`);
  return error instanceof CliError ? error.exitCode : EXIT_FAILED;
}
