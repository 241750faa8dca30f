import type { Command } from 'commander';
import { EXIT_FAILED, EXIT_OK, usageError } from '../cli-error.js';
import { KeyRing } from '../offline/key-ring.js';
import { readDocumentFile, readTextFile } from '../offline/read-files.js';
import { verifyOffline, type Kept } from '../offline/verify-offline.js';
import type { CommandContext } from './command-context.js';
import { collect } from './parse-flags.js';

interface VerifyOfflineFlags {
  readonly key: readonly string[];
  readonly checkpoint?: string;
  readonly consistency?: string;
}

/** `steelyard verify-offline`: verifies what the ledger proved, without asking anybody. */
export function addVerifyOfflineCommand(program: Command, context: CommandContext): void {
  program
    .command('verify-offline')
    .description('verify an entry proof, a statement or a consistency proof from a file, with no network')
    .argument('<file>', 'the document as the API returned it (JSON)')
    .requiredOption(
      '--key <key>',
      'a verifier key, or a file with a public key in PEM; repeat for more',
      collect,
    )
    .option(
      '--checkpoint <file>',
      'the note of a checkpoint that was kept earlier: the ledger must still continue it',
    )
    .option(
      '--consistency <file>',
      'the consistency proof between that checkpoint and the one of the document',
    )
    .action(async (file: string, flags: VerifyOfflineFlags) => {
      const keys = await KeyRing.read(flags.key);
      const result = verifyOffline(await readDocumentFile(file), keys, await readKept(flags));
      const lines = 'fault' in result ? [`invalid: ${result.fault}`] : result;
      for (const line of lines) context.output.write(`${printable(line)}\n`);
      context.setExitCode('fault' in result ? EXIT_FAILED : EXIT_OK);
    });
}

async function readKept({ checkpoint, consistency }: VerifyOfflineFlags): Promise<Kept | undefined> {
  if (checkpoint === undefined) {
    if (consistency !== undefined) throw usageError('--consistency goes with --checkpoint');
    return undefined;
  }
  const note = await readTextFile(checkpoint, 'the checkpoint');
  return { note, consistency: consistency === undefined ? undefined : await readDocumentFile(consistency) };
}

/** Ids come from the document: whatever they hold, they make no further line and no colours. */
function printable(line: string): string {
  return line.replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
