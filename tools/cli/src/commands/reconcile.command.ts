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
import { SteelyardApi } from '../api/steelyard-api.js';
import { EXIT_FAILED, EXIT_OK } from '../cli-error.js';
import { startProgress } from '../progress.js';
import type { CommandContext } from './command-context.js';
import { connect, withConnection, type ConnectionFlags } from './connection.options.js';
import { listenForInterruption } from './interruption.js';

// A call of this size takes well under a second, so the progress moves and Ctrl-C is quick.
const ACCOUNTS_PER_CALL = 500;
// Long enough for a restart of the platform in the middle of a long walk.
const RETRY_FOR_MS = 30_000;
const REASON_DEFAULT = 'steelyard reconcile';

interface ReconcileFlags extends ConnectionFlags {
  readonly account?: string;
  readonly repair?: boolean;
  readonly reason: string;
  readonly quiet?: boolean;
}

/** `steelyard reconcile`: compares stored balances with the ledger, and restores those that have drifted if asked to. */
export function addReconcileCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('reconcile')
    .description('compare every stored balance, or one, with the ledger, and restore what has drifted')
    .option('--account <id>', 'only this account')
    .option('--repair', 'restore what has drifted; without it nothing is changed')
    .option('--reason <text>', 'written down with what is restored', REASON_DEFAULT)
    .option('--quiet', 'show no progress');
  withConnection(command).action(async (flags: ReconcileFlags) => {
    const api = new SteelyardApi(await connect(flags, context.environment));
    const interruption = listenForInterruption();
    const backoff: BackoffOptions = {
      retryForMs: RETRY_FOR_MS,
      signal: interruption.stop,
      onOutage: (outage) => void context.errors.write(`${outage.message}; trying again\n`),
    };
    const reconciliation = new Reconciliation(api, backoff, context);
    try {
      const isRight = await (flags.account === undefined
        ? reconciliation.all(flags)
        : reconciliation.one(flags.account, flags));
      context.setExitCode(isRight ? EXIT_OK : EXIT_FAILED);
    } finally {
      interruption.release();
    }
  });
}

class Reconciliation {
  constructor(
    private readonly api: SteelyardApi,
    private readonly backoff: BackoffOptions,
    private readonly context: CommandContext,
  ) {}

  /** True when the account agrees with the ledger in the end. */
  async one(accountId: string, { repair = false, reason }: ReconcileFlags): Promise<boolean> {
    const path = `/ledger/accounts/${encodeURIComponent(accountId)}`;
    if (!repair) {
      const validation = asObject(await this.#post(`${path}/validate`, {}), 'validation');
      this.#print(describeValidation(validation));
      return validation['valid'] === true;
    }
    const reconciled = asObject(await this.#post(`${path}/reconcile`, { reason }), 'reconciliation');
    const after = asObject(reconciled['after'], 'after');
    if (reconciled['repaired'] === true) {
      this.#print(describeValidation(asObject(reconciled['before'], 'before')));
      this.#print(`account ${accountId}: restored`);
    }
    this.#print(describeValidation(after));
    return after['valid'] === true;
  }

  /** True when every account agrees with the ledger in the end. */
  async all({ repair = false, reason, quiet = false }: ReconcileFlags): Promise<boolean> {
    const status = asObject(await this.#ask(() => this.api.get('/ledger/status', this.#request())), 'status');
    const total = Number(integerOf(status, 'accounts') ?? 0n);
    const done = await this.#walk(total, { repair, reason, isQuiet: quiet });
    this.#print(`accounts ${done.accounts}, drifted ${done.drifted}, restored ${done.repaired}`);
    const left = done.drifted - done.repaired;
    this.#print(left === 0 ? 'every account agrees with the ledger' : `${left} accounts do NOT agree`);
    return left === 0;
  }

  /** Walks to the last account. What has drifted is named as it is found: a long list is not kept. */
  async #walk(total: number, { repair, reason, isQuiet }: WalkOptions): Promise<WalkCounts> {
    const done = { accounts: 0, drifted: 0, repaired: 0 };
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
        const request = { limit: ACCOUNTS_PER_CALL, repair, reason, ...(cursor === '' ? {} : { cursor }) };
        const page = asObject(await this.#post('/ledger/reconcile', request), 'reconciliation');
        done.accounts += Number(requiredInteger(page, 'accountsChecked'));
        done.repaired += Number(requiredInteger(page, 'repaired'));
        for (const drifted of asObjects(page['drifted'], 'drifted')) {
          done.drifted += 1;
          progress.note(describeValidation(drifted));
        }
        cursor = textOf(page, 'nextCursor') ?? '';
      } while (cursor !== '');
    } finally {
      progress.stop();
    }
    return done;
  }

  #post(path: string, body: object): Promise<unknown> {
    return this.#ask(() => this.api.post(path, { body: JSON.stringify(body), ...this.#request() }));
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

interface WalkOptions {
  readonly repair: boolean;
  readonly reason: string;
  readonly isQuiet: boolean;
}

interface WalkCounts {
  readonly accounts: number;
  readonly drifted: number;
  readonly repaired: number;
}

/** "account 2378: agrees, balance 120", or what does not agree, with both balances. */
export function describeValidation(validation: JsonObject): string {
  const accountId = textOf(validation, 'accountId') ?? '?';
  const chains = asObjects(validation['chains'], 'chains');
  if (validation['valid'] === true) {
    const balance = chains.reduce((sum, chain) => sum + requiredInteger(chain, 'storedBalance'), 0n);
    return `account ${accountId}: agrees, balance ${balance}`;
  }
  const wrong = chains.filter((chain) => faultsOf(chain).length > 0);
  return wrong
    .map((chain) => {
      // Accounts of the platform itself have a chain in every bucket.
      const bucket = accountId.startsWith('@') ? ` in bucket ${integerOf(chain, 'bucket') ?? '?'}` : '';
      const stored = requiredInteger(chain, 'storedBalance');
      const expected = requiredInteger(chain, 'lastEntryBalance');
      return `account ${accountId}${bucket}: DRIFTED: balance ${stored}, by its entries ${expected}: ${faultsOf(chain).join('; ')}`;
    })
    .join('\n');
}

function faultsOf(chain: JsonObject): readonly string[] {
  const faults = chain['faults'];
  return Array.isArray(faults) ? faults.filter((fault) => typeof fault === 'string') : [];
}
