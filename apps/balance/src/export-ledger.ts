import { databaseOfEnvironment, fileArgument, runArchiveCommand } from './archive-command.js';
import { exportLedger } from './archive.composition.js';

/** Writes the whole ledger of DATABASE_URL into a file, `-` for standard output. */
await runArchiveCommand(async (onProgress) => {
  const file = fileArgument('export-ledger <file>');
  return exportLedger(databaseOfEnvironment(), file, onProgress);
});
