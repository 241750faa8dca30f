import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { asObjects, integerOf, requiredInteger, textOf, type JsonObject } from '../api/json-reader.js';
import { ApiRefusal } from '../api/outage.js';
import { CliError } from '../cli-error.js';
import type { CommandContext } from './command-context.js';
import { withConnection, type ConnectionFlags } from './connection.options.js';
import { describeSpeed, runCheck, type CheckedPlatform } from './platform-check.js';

interface VerifySealsFlags extends ConnectionFlags {
  readonly checkpoint?: string;
  readonly quiet?: boolean;
}

/** `steelyard verify-seals`: recomputes every seal, and compares the log with a checkpoint kept elsewhere. */
export function addVerifySealsCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('verify-seals')
    .description('recompute what was sealed from the ledger, and compare it with a checkpoint that you kept')
    .option('--checkpoint <file>', 'a signed checkpoint; without it, only what the ledger itself has')
    .option('--quiet', 'show no progress');
  withConnection(command).action(async (flags: VerifySealsFlags) => {
    const note = flags.checkpoint === undefined ? undefined : await readNote(flags.checkpoint);
    await runCheck(flags, context, (platform) => verifySeals(platform, note, flags.quiet ?? false));
  });
}

async function verifySeals(
  platform: CheckedPlatform,
  note: string | undefined,
  isQuiet: boolean,
): Promise<boolean> {
  const startedMs = performance.now();
  let entries = 0;
  const { items: seals, findings: faults } = await platform.walk({
    path: '/ledger/verify-seals',
    // The cursor remembers the checkpoint.
    request: (cursor) => (cursor === undefined ? { note } : { cursor }),
    read: (page) => {
      entries += Number(requiredInteger(page, 'entriesChecked'));
      return {
        items: Number(requiredInteger(page, 'sealsChecked')),
        findings: asObjects(page['faults'], 'faults').map(describeSealFault),
      };
    },
    unit: 'seals',
    total: await countSeals(platform),
    isQuiet,
  });
  platform.print(`seals ${seals}, ${describeSpeed(entries, startedMs)}`);
  platform.print(
    faults === 0 ? 'every seal agrees with the ledger' : `${faults} faults: the ledger was CHANGED`,
  );
  if (note !== undefined && faults === 0) platform.print('and the ledger continues your checkpoint');
  return faults === 0;
}

/** How many there are to check, for the progress; 0 when nothing was sealed yet. */
async function countSeals(platform: CheckedPlatform): Promise<number> {
  try {
    return Number(requiredInteger(await platform.get('/ledger/checkpoints/latest'), 'treeSize'));
  } catch (error) {
    if (error instanceof ApiRefusal && error.code === 'CHECKPOINT_NOT_FOUND') return 0;
    throw error;
  }
}

/** "seal 7, bucket 12, fact 310, account alice, sequence 17 (entry …): the checksum is another" */
export function describeSealFault(fault: JsonObject): string {
  const places = [
    ['seal', integerOf(fault, 'seal')],
    ['bucket', integerOf(fault, 'bucket')],
    ['fact', integerOf(fault, 'factSequence')],
    ['account', textOf(fault, 'accountId')],
    ['sequence', integerOf(fault, 'sequence')],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`]));
  const entryId = textOf(fault, 'entryId');
  const entry = entryId === undefined ? '' : ` (entry ${entryId})`;
  return `${places.join(', ')}${entry}: ${textOf(fault, 'reason') ?? 'no reason given'}`;
}

async function readNote(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new CliError(`cannot read the checkpoint ${path}: does the file exist?`, { cause: error });
  }
}
