import { Backoff, withRetry, type BackoffOptions } from '../api/backoff.js';
import { Outage } from '../api/outage.js';
import type { AccountOpener } from './account-opener.js';
import type { BatchClient, RowOutcome } from './batch-client.js';
import type { ImportReport } from './import-report.js';
import type { ImportRow } from './import-row.js';

// The platform takes bodies up to 4 MiB; the rest is for what surrounds the items and for longer characters.
const BATCH_LENGTH_MAX = 3_000_000;

/** What all lanes of an import share. */
export interface LaneDependencies {
  readonly batches: BatchClient;
  readonly accounts: AccountOpener;
  readonly report: ImportReport;
  readonly backoff: BackoffOptions;
  readonly batchSize: number;
  /** Ends requests under way. */
  readonly abort: AbortSignal;
}

/**
 * Posts the rows of some accounts in file order. The invariant: an account belongs to exactly one lane, a lane has
 * at most one request under way, and the next one leaves only when every row of the last has its final answer.
 * So no row of an account is ever posted before an earlier one, however many lanes and attempts there are.
 */
export class Lane {
  readonly #with: LaneDependencies;
  #buffer: ImportRow[] = [];
  #bufferLength = 0;
  #underWay: Promise<void> = Promise.resolve();

  constructor(dependencies: LaneDependencies) {
    this.#with = dependencies;
  }

  /** Takes a row. Waits while a full batch cannot leave yet: that holds the reader back. */
  async add(row: ImportRow): Promise<void> {
    if (this.#bufferLength + row.itemJson.length > BATCH_LENGTH_MAX) await this.flush();
    this.#buffer.push(row);
    this.#bufferLength += row.itemJson.length;
    if (this.#buffer.length >= this.#with.batchSize) await this.flush();
  }

  /** Sends what is left once the batch under way is answered. */
  async flush(): Promise<void> {
    await this.#underWay;
    const rows = this.#buffer;
    this.#buffer = [];
    this.#bufferLength = 0;
    if (rows.length === 0) return;
    this.#underWay = this.#settle(rows);
    // Whoever awaits the lane next gets the failure; until then it must not count as unhandled.
    this.#underWay.catch(() => undefined);
  }

  /** Waits until every row that was sent is answered. */
  async drain(): Promise<void> {
    await this.#underWay;
  }

  /** Repeats a batch until every row is decided. Bounded by the backoff's deadline. */
  async #settle(rows: readonly ImportRow[]): Promise<void> {
    const { accounts, batches, abort } = this.#with;
    await withRetry(this.#with.backoff, () => accounts.open(rows, abort));
    const backoff = new Backoff(this.#with.backoff);
    let undecided = this.#refuseUnopened(rows);
    while (undecided.length > 0) {
      const attempted = undecided;
      try {
        const round = this.#record(attempted, await batches.post(attempted, abort));
        undecided = round.undecided;
        if (undecided.length < attempted.length) backoff.progressed();
        if (round.outage) await backoff.wait(round.outage);
      } catch (error) {
        if (!(error instanceof Outage)) throw error;
        await backoff.wait(error);
      }
    }
  }

  /** Reports the rows whose accounts could not be opened and returns the others. */
  #refuseUnopened(rows: readonly ImportRow[]): readonly ImportRow[] {
    return rows.filter((row) => {
      const refusal = this.#with.accounts.refusalOf(row);
      if (refusal) this.#with.report.addRefused(row, refusal.code, refusal.message);
      return refusal === undefined;
    });
  }

  #record(
    rows: readonly ImportRow[],
    outcomes: readonly RowOutcome[],
  ): { undecided: ImportRow[]; outage?: Outage } {
    const undecided: ImportRow[] = [];
    let outage: Outage | undefined;
    for (const [index, row] of rows.entries()) {
      const outcome = outcomes[index];
      if (outcome?.kind === 'posted') this.#with.report.addPosted(row, outcome);
      else if (outcome?.kind === 'refused') this.#with.report.addRefused(row, outcome.code, outcome.message);
      else {
        undecided.push(row);
        outage ??= new Outage(`${outcome?.code ?? 'UNAVAILABLE'}: ${outcome?.message ?? 'no outcome'}`);
      }
    }
    return outage ? { undecided, outage } : { undecided };
  }
}
