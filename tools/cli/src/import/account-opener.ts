import { parseDecimal, parseAmount } from '@steelyard/domain/money';
import { isRefusal } from '@steelyard/domain/result';
import { asObject, textOf } from '../api/json-reader.js';
import { ApiRefusal } from '../api/outage.js';
import type { SteelyardApi } from '../api/steelyard-api.js';
import { CliError, usageError } from '../cli-error.js';
import type { ImportRow } from './import-row.js';

// More at once would only queue inside the platform.
const OPENINGS_IN_FLIGHT = 16;
// About 100 MB of ids. Opening a forgotten account again only costs a request: it is answered as it is.
const KNOWN_ACCOUNTS_MAX = 500_000;

/** Why rows of an account cannot be posted. */
export interface OpeningRefusal {
  readonly code: string;
  readonly message: string;
}

type Known = { readonly currency: string } | { readonly refusal: OpeningRefusal };

/** How new accounts are opened. */
export interface OpeningOptions {
  /** 'unlimited', or an amount in the form of the file's amounts. */
  readonly creditLimit: string | undefined;
  readonly isMinor: boolean;
}

/** Opens every account once, before its first row is posted, and remembers what was opened. */
export class AccountOpener {
  readonly #api: SteelyardApi;
  readonly #options: OpeningOptions;
  readonly #known = new Map<string, Known>();

  constructor(api: SteelyardApi, options: OpeningOptions) {
    this.#api = api;
    this.#options = options;
  }

  /** Opens the accounts of these rows that were not opened yet. An account that exists stays as it is. */
  async open(rows: readonly ImportRow[], signal: AbortSignal): Promise<void> {
    const missing = new Map<string, ImportRow>();
    for (const row of rows) {
      if (!this.#known.has(row.accountId) && !missing.has(row.accountId)) missing.set(row.accountId, row);
    }
    const queue = missing.values();
    const worker = async (): Promise<void> => {
      for (const row of queue) this.#remember(row.accountId, await this.#openOne(row, signal));
    };
    await Promise.all(Array.from({ length: Math.min(OPENINGS_IN_FLIGHT, missing.size) }, worker));
    this.#forgetOldest(rows);
  }

  /** Why this row cannot be posted, or undefined when it can. */
  refusalOf(row: ImportRow): OpeningRefusal | undefined {
    const known = this.#known.get(row.accountId);
    if (!known) return undefined;
    if ('refusal' in known) return known.refusal;
    if (known.currency === row.currency) return undefined;
    return {
      code: 'CURRENCY_MISMATCH',
      message: `the account is in ${known.currency}, the row in ${row.currency}`,
    };
  }

  async #openOne(row: ImportRow, signal: AbortSignal): Promise<Known> {
    const body = JSON.stringify({ currency: row.currency, ...this.#limits(row.scale) });
    const path = `/accounts/${encodeURIComponent(row.accountId)}`;
    // Stable, so that a run after an interruption asks the same again.
    const idempotencyKey = `import-open:${row.accountId}`.slice(0, 255);
    try {
      const reply = asObject(await this.#api.post(path, { body, idempotencyKey, signal }), 'account');
      return { currency: textOf(reply, 'currency') ?? row.currency };
    } catch (error) {
      if (!(error instanceof ApiRefusal)) throw error;
      // Not about this account: no other row would fare better.
      if (error.status === 403) throw new CliError(`${error.code}: ${error.message}`, { cause: error });
      return { refusal: { code: error.code, message: error.message } };
    }
  }

  #limits(scale: number): object {
    const { creditLimit, isMinor } = this.#options;
    if (creditLimit === undefined) return {};
    if (creditLimit === 'unlimited') return { limits: { creditLimit: null } };
    const field = '--credit-limit';
    const minor = isMinor ? parseAmount(creditLimit, field) : parseDecimal(creditLimit, scale, field);
    if (isRefusal(minor)) throw usageError(minor.message);
    return { limits: { creditLimit: minor.toString() } };
  }

  #remember(accountId: string, known: Known): void {
    // A copy: text that was cut out of a chunk of the file would keep the whole chunk in memory.
    this.#known.set(Buffer.from(accountId).toString(), known);
  }

  /** Keeps those of the rows at hand: they are about to be looked up. */
  #forgetOldest(rows: readonly ImportRow[]): void {
    if (this.#known.size <= KNOWN_ACCOUNTS_MAX) return;
    const needed = new Set(rows.map((row) => row.accountId));
    for (const accountId of this.#known.keys()) {
      if (this.#known.size <= KNOWN_ACCOUNTS_MAX) return;
      if (!needed.has(accountId)) this.#known.delete(accountId);
    }
  }
}
