import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { withRetry, type BackoffOptions } from '../api/backoff.js';
import {
  asObject,
  asObjects,
  integerOf,
  requiredInteger,
  textOf,
  type JsonObject,
} from '../api/json-reader.js';
import { ApiRefusal } from '../api/outage.js';
import { SteelyardApi } from '../api/steelyard-api.js';
import { CliError, EXIT_FAILED, EXIT_OK } from '../cli-error.js';
import { startProgress } from '../progress.js';
import type { CommandContext } from './command-context.js';
import { connect, withConnection, type ConnectionFlags } from './connection.options.js';
import { listenForInterruption } from './interruption.js';

// Long enough for a restart of the platform in the middle of a long walk.
const RETRY_FOR_MS = 30_000;

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
    const api = new SteelyardApi(await connect(flags, context.environment));
    const interruption = listenForInterruption();
    const backoff: BackoffOptions = {
      retryForMs: RETRY_FOR_MS,
      signal: interruption.stop,
      onOutage: (outage) => void context.errors.write(`${outage.message}; trying again\n`),
    };
    const verification = new SealVerification(api, backoff, context);
    try {
      const isValid = await verification.run(note, flags.quiet ?? false);
      context.setExitCode(isValid ? EXIT_OK : EXIT_FAILED);
    } finally {
      interruption.release();
    }
  });
}

class SealVerification {
  constructor(
    private readonly api: SteelyardApi,
    private readonly backoff: BackoffOptions,
    private readonly context: CommandContext,
  ) {}

  async run(note: string | undefined, isQuiet: boolean): Promise<boolean> {
    const startedMs = performance.now();
    const { seals, entries, faults } = await this.#walk(note, await this.#seals(), isQuiet);
    const seconds = (performance.now() - startedMs) / 1000;
    const rate = Math.round(entries / Math.max(seconds, 0.001));
    this.#print(`seals ${seals}, entries ${entries}, ${seconds.toFixed(1)} s, ${rate} entries/s`);
    this.#print(
      faults === 0 ? 'every seal agrees with the ledger' : `${faults} faults: the ledger was CHANGED`,
    );
    if (note !== undefined && faults === 0) this.#print('and the ledger continues your checkpoint');
    return faults === 0;
  }

  /** How many there are to check, for the progress; 0 when nothing was sealed yet. */
  async #seals(): Promise<number> {
    try {
      const latest = await this.#ask(() => this.api.get('/ledger/checkpoints/latest', this.#request()));
      return Number(requiredInteger(asObject(latest, 'checkpoint'), 'treeSize'));
    } catch (error) {
      if (error instanceof ApiRefusal && error.code === 'CHECKPOINT_NOT_FOUND') return 0;
      throw error;
    }
  }

  /** Walks to the last seal. Faults are named as they are found: a long list is not kept. */
  async #walk(
    note: string | undefined,
    total: number,
    isQuiet: boolean,
  ): Promise<{ seals: number; entries: number; faults: number }> {
    const done = { seals: 0, entries: 0, faults: 0 };
    const { errors, output } = this.context;
    const progress = startProgress({
      unit: 'seals',
      isQuiet,
      stream: errors,
      isTerminal: output.isTTY === true && errors.isTTY === true,
      state: () => ({ items: done.seals, done: done.seals, total: Math.max(total, done.seals) }),
    });
    try {
      let cursor = '';
      // Bounded: the cursor moves on with every call and the platform ends it at the last seal.
      do {
        const body = JSON.stringify(cursor === '' ? { note } : { cursor });
        const reply = await this.#ask(() =>
          this.api.post('/ledger/verify-seals', { body, ...this.#request() }),
        );
        const page = asObject(reply, 'verification');
        done.seals += Number(requiredInteger(page, 'sealsChecked'));
        done.entries += Number(requiredInteger(page, 'entriesChecked'));
        for (const fault of asObjects(page['faults'], 'faults')) {
          done.faults += 1;
          progress.note(describeSealFault(fault));
        }
        cursor = textOf(page, 'nextCursor') ?? '';
      } while (cursor !== '');
    } finally {
      progress.stop();
    }
    return done;
  }

  #ask<T>(operation: () => Promise<T>): Promise<T> {
    return withRetry(this.backoff, operation);
  }

  #request(): { readonly signal: AbortSignal } {
    return { signal: this.backoff.signal };
  }

  #print(line: string): void {
    this.context.output.write(`${line}\n`);
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
