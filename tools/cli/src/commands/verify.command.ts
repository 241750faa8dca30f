import type { Command } from 'commander';
import { withRetry, type BackoffOptions } from '../api/backoff.js';
import {
  asObject,
  asObjects,
  integerOf,
  isJsonObject,
  requiredInteger,
  textOf,
  type JsonObject,
} from '../api/json-reader.js';
import { SteelyardApi } from '../api/steelyard-api.js';
import { EXIT_FAILED, EXIT_OK } from '../cli-error.js';
import { startProgress } from '../progress.js';
import type { CommandContext } from './command-context.js';
import { connect, withConnection, type ConnectionFlags } from './connection.options.js';
import { listenForInterruption } from './interruption.js';

// A call of this size takes well under a second, so the progress moves and Ctrl-C is quick.
const ACCOUNTS_PER_CALL = 200;
// Long enough for a restart of the platform in the middle of a long walk.
const RETRY_FOR_MS = 30_000;

interface VerifyFlags extends ConnectionFlags {
  readonly account?: string;
  readonly quiet?: boolean;
}

/** `steelyard verify`: recomputes the chain of one account or of all. */
export function addVerifyCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('verify')
    .description(
      'recompute the chain of every account, or of one, and check that every currency sums to zero',
    )
    .option('--account <id>', 'only this account')
    .option('--quiet', 'show no progress');
  withConnection(command).action(async (flags: VerifyFlags) => {
    const api = new SteelyardApi(await connect(flags, context.environment));
    const interruption = listenForInterruption();
    const backoff: BackoffOptions = {
      retryForMs: RETRY_FOR_MS,
      signal: interruption.stop,
      onOutage: (outage) => void context.errors.write(`${outage.message}; trying again\n`),
    };
    const verification = new Verification(api, backoff, context);
    try {
      const isValid =
        flags.account === undefined
          ? await verification.all(flags.quiet ?? false)
          : await verification.one(flags.account);
      context.setExitCode(isValid ? EXIT_OK : EXIT_FAILED);
    } finally {
      interruption.release();
    }
  });
}

class Verification {
  constructor(
    private readonly api: SteelyardApi,
    private readonly backoff: BackoffOptions,
    private readonly context: CommandContext,
  ) {}

  async one(accountId: string): Promise<boolean> {
    const path = `/ledger/accounts/${encodeURIComponent(accountId)}/verify`;
    const found = asObject(await this.#ask(() => this.api.get(path, this.#request())), 'verification');
    const entries = requiredInteger(found, 'entriesChecked');
    if (found['valid'] === true) {
      this.#print(`account ${accountId}: valid, ${entries} entries`);
      return true;
    }
    this.#print(describeFailure({ accountId, ...found }));
    return false;
  }

  async all(isQuiet: boolean): Promise<boolean> {
    const status = asObject(await this.#ask(() => this.api.get('/ledger/status', this.#request())), 'status');
    const total = Number(integerOf(status, 'accounts') ?? 0n);
    const startedMs = performance.now();
    const { accounts, entries, failures } = await this.#walk(total, isQuiet);
    const seconds = (performance.now() - startedMs) / 1000;
    const rate = Math.round(entries / Math.max(seconds, 0.001));
    this.#print(`accounts ${accounts}, entries ${entries}, ${seconds.toFixed(1)} s, ${rate} entries/s`);
    this.#print(failures === 0 ? 'every chain is valid' : `${failures} accounts are NOT valid`);
    return this.#sumsAreZero(status) && failures === 0;
  }

  /** Walks to the last account. Failures are named as they are found: a long list is not kept. */
  async #walk(
    total: number,
    isQuiet: boolean,
  ): Promise<{ accounts: number; entries: number; failures: number }> {
    const done = { accounts: 0, entries: 0, failures: 0 };
    const { errors, output } = this.context;
    const progress = startProgress({
      unit: 'accounts',
      isQuiet,
      stream: errors,
      isTerminal: output.isTTY === true && errors.isTTY === true,
      state: () => ({ items: done.accounts, done: done.accounts, total: Math.max(total, done.accounts) }),
    });
    try {
      let cursor = '';
      // Bounded: the cursor moves on with every call and the platform ends it at the last account.
      do {
        const body = JSON.stringify({ limit: ACCOUNTS_PER_CALL, ...(cursor === '' ? {} : { cursor }) });
        const reply = await this.#ask(() => this.api.post('/ledger/verify', { body, ...this.#request() }));
        const page = asObject(reply, 'verification');
        done.accounts += Number(requiredInteger(page, 'accountsChecked'));
        done.entries += Number(requiredInteger(page, 'entriesChecked'));
        for (const failure of asObjects(page['failures'], 'failures')) {
          done.failures += 1;
          progress.note(describeFailure(failure));
        }
        cursor = textOf(page, 'nextCursor') ?? '';
      } while (cursor !== '');
    } finally {
      progress.stop();
    }
    return done;
  }

  #sumsAreZero(status: JsonObject): boolean {
    let areZero = true;
    for (const line of asObjects(status['sums'], 'sums')) {
      const sum = requiredInteger(line, 'sumOfEntries');
      areZero &&= sum === 0n;
      this.#print(`${textOf(line, 'currency') ?? '?'} sums to ${sum}${sum === 0n ? '' : ': it must be 0'}`);
    }
    return areZero;
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

/** "account 2378: invalid at sequence 17 (entry …): checksum differs" */
export function describeFailure(failure: JsonObject): string {
  const accountId = textOf(failure, 'accountId') ?? '?';
  // Accounts of the platform itself have a chain in every bucket.
  const bucket = accountId.startsWith('@') ? ` in bucket ${integerOf(failure, 'bucket') ?? '?'}` : '';
  const entry = failure['firstInvalidEntry'];
  const where = isJsonObject(entry)
    ? ` at sequence ${integerOf(entry, 'sequence') ?? '?'} (entry ${textOf(entry, 'entryId') ?? '?'})`
    : '';
  return `account ${accountId}${bucket}: INVALID${where}: ${textOf(failure, 'reason') ?? 'no reason given'}`;
}
