import { formatDecimal } from '@steelyard/domain/money';
import type { ImportRow, MalformedRow } from './import-row.js';

/** How many examples of each kind are kept; the counts are always complete. */
export const EXAMPLES_MAX = 10;
// Malformed rows are named one by one as they are met; the report keeps this many for the file.
const MALFORMED_MAX = 1_000;

/** A balance that differs from the expected one. Amounts are decimals of whole units. */
export interface Mismatch {
  readonly line: number;
  readonly account: string;
  readonly reference: string;
  readonly expected: string;
  readonly found: string;
}

/** One refused row. */
export interface RefusedExample {
  readonly line: number;
  readonly account: string;
  readonly reference: string;
  readonly message: string;
}

/** The report as it is written to a file. */
export interface ImportSummary {
  readonly rows: number;
  readonly posted: number;
  readonly replayed: number;
  readonly refused: number;
  readonly refusedByCode: Readonly<
    Record<string, { readonly count: number; readonly first: readonly RefusedExample[] }>
  >;
  readonly malformed: number;
  readonly malformedRows: readonly MalformedRow[];
  readonly balancesCompared: number;
  readonly mismatches: number;
  readonly firstMismatches: readonly Mismatch[];
  /** Rows that were read and have no answer: posted or not is unknown until the import is run again. */
  readonly unanswered: number;
  readonly seconds: number;
  readonly rowsPerSecond: number;
  /** Why the import did not reach the end of the file. */
  readonly stopped?: string;
}

/** Counts what became of every row, with a bounded number of examples. */
export class ImportReport {
  #read = 0;
  #posted = 0;
  #replayed = 0;
  #refused = 0;
  #malformed = 0;
  #compared = 0;
  #mismatches = 0;
  #stopped: string | undefined;
  readonly #malformedRows: MalformedRow[] = [];
  readonly #firstMismatches: Mismatch[] = [];
  readonly #refusedByCode = new Map<string, { count: number; first: RefusedExample[] }>();

  /** Rows that have their final answer. */
  get answered(): number {
    return this.#posted + this.#replayed + this.#refused + this.#malformed;
  }

  /** True when every row was posted or replayed and every compared balance agrees. */
  get agrees(): boolean {
    const settled = this.#posted + this.#replayed;
    return this.#stopped === undefined && settled === this.#read && this.#mismatches === 0;
  }

  addRead(): void {
    this.#read += 1;
  }

  addMalformed(row: MalformedRow): void {
    this.#malformed += 1;
    if (this.#malformedRows.length < MALFORMED_MAX) this.#malformedRows.push(row);
  }

  addPosted(
    row: ImportRow,
    outcome: { readonly balanceAfterMinor: bigint; readonly isReplayed: boolean },
  ): void {
    if (outcome.isReplayed) this.#replayed += 1;
    else this.#posted += 1;
    if (row.expectedBalanceMinor === undefined) return;
    this.#compared += 1;
    if (row.expectedBalanceMinor === outcome.balanceAfterMinor) return;
    this.#mismatches += 1;
    if (this.#firstMismatches.length >= EXAMPLES_MAX) return;
    this.#firstMismatches.push({
      line: row.line,
      account: row.accountId,
      reference: row.reference,
      expected: formatDecimal(row.expectedBalanceMinor, row.scale),
      found: formatDecimal(outcome.balanceAfterMinor, row.scale),
    });
  }

  addRefused(row: ImportRow, code: string, message: string): void {
    this.#refused += 1;
    const group = this.#refusedByCode.get(code) ?? { count: 0, first: [] };
    this.#refusedByCode.set(code, group);
    group.count += 1;
    if (group.first.length < EXAMPLES_MAX) {
      group.first.push({ line: row.line, account: row.accountId, reference: row.reference, message });
    }
  }

  /** The import ends before the end of the file; the first reason stays. */
  stop(reason: string): void {
    this.#stopped ??= reason;
  }

  summary(seconds: number): ImportSummary {
    return {
      rows: this.#read,
      posted: this.#posted,
      replayed: this.#replayed,
      refused: this.#refused,
      refusedByCode: Object.fromEntries(this.#refusedByCode),
      malformed: this.#malformed,
      malformedRows: this.#malformedRows,
      balancesCompared: this.#compared,
      mismatches: this.#mismatches,
      firstMismatches: this.#firstMismatches,
      unanswered: this.#read - this.answered,
      seconds: Math.round(seconds * 1000) / 1000,
      rowsPerSecond: seconds > 0 ? Math.round(this.answered / seconds) : 0,
      ...(this.#stopped === undefined ? {} : { stopped: this.#stopped }),
    };
  }
}
