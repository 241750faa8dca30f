import { databaseOfEnvironment, fileArgument, runArchiveCommand } from './archive-command.js';
import { importLedger } from './archive.composition.js';

/** Takes a ledger from a file, `-` for standard input, into the empty database of DATABASE_URL. */
await runArchiveCommand(async (onProgress) => {
  const file = fileArgument('import-ledger <file>');
  return importLedger(databaseOfEnvironment(), file, onProgress);
});
