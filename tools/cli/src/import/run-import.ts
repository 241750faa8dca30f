import { createReadStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { CurrencyTable } from '@steelyard/domain/money';
import { Interrupted } from '../api/outage.js';
import { SteelyardApi, type Connection } from '../api/steelyard-api.js';
import { CliError, EXIT_FAILED, EXIT_OK, EXIT_USAGE, usageError } from '../cli-error.js';
import { startProgress, type Progress } from '../progress.js';
import type { TextOutput } from '../text-output.js';
import { AccountOpener } from './account-opener.js';
import { BatchClient } from './batch-client.js';
import type { ColumnOptions, ImportOptions } from './import-options.js';
import { ImportReport } from './import-report.js';
import { isMalformed, type MalformedRow } from './import-row.js';
import { readLines } from './line-reader.js';
import { Poster } from './poster.js';
import { formatReport } from './report-text.js';
import { RowMapper } from './row-mapper.js';
import { readCsv, readNdjson, type SourceRow } from './row-reader.js';

// Past this many, malformed rows are only counted: the file is not what the options say.
const MALFORMED_NAMED_MAX = 1_000;

/** Where an import reads, writes and listens. */
export interface ImportSurroundings {
  readonly input: Readable;
  readonly output: TextOutput;
  readonly errors: TextOutput;
  /** Aborted by the first Ctrl-C: read no more, finish what is under way. */
  readonly stop: AbortSignal;
  /** Aborted by the second: end the requests under way too. */
  readonly abort: AbortSignal;
}

/**
 * Imports one file and prints the report. Returns the exit code: 0 only when every row was posted or replayed and
 * every compared balance agrees. Throws a CliError when nothing was begun.
 */
export async function runImport(
  options: ImportOptions,
  connection: Connection,
  around: ImportSurroundings,
): Promise<number> {
  const source = await openSource(options.file, around.input);
  const report = new ImportReport();
  const startedMs = performance.now();
  const progress = startProgress({
    unit: 'rows',
    isQuiet: options.quiet,
    stream: around.errors,
    isTerminal: around.output.isTTY === true && around.errors.isTTY === true,
    state: () => ({ items: report.answered, done: source.bytesRead(), total: source.totalBytes }),
  });
  try {
    await new ImportRun({ options, report, progress, around, source: source.stream }, connection).run();
  } finally {
    progress.stop();
    source.stream.destroy();
  }
  const summary = report.summary((performance.now() - startedMs) / 1000);
  around.output.write(formatReport(summary));
  if (options.reportFile !== undefined)
    await writeFile(options.reportFile, `${JSON.stringify(summary, null, 2)}\n`);
  return report.agrees ? EXIT_OK : EXIT_FAILED;
}

interface Source {
  readonly stream: Readable;
  readonly totalBytes: number | undefined;
  readonly bytesRead: () => number;
}

async function openSource(file: string, input: Readable): Promise<Source> {
  if (file === '-') return { stream: input, totalBytes: undefined, bytesRead: () => 0 };
  const { size, isDirectory } = await describeFile(file);
  if (isDirectory) throw usageError(`${file} is a directory, not a file`);
  const stream = createReadStream(file);
  return { stream, totalBytes: size, bytesRead: () => stream.bytesRead };
}

async function describeFile(file: string): Promise<{ readonly size: number; readonly isDirectory: boolean }> {
  try {
    const stats = await stat(file);
    return { size: stats.size, isDirectory: stats.isDirectory() };
  } catch (cause) {
    throw new CliError(`cannot read ${file}: is the path right?`, { exitCode: EXIT_USAGE, cause });
  }
}

interface RunParts {
  readonly options: ImportOptions;
  readonly report: ImportReport;
  readonly progress: Progress;
  readonly around: ImportSurroundings;
  readonly source: Readable;
}

class ImportRun {
  readonly #parts: RunParts;
  readonly #mapper: RowMapper;
  readonly #poster: Poster;
  #malformedNamed = 0;
  #outageShown = '';

  constructor(parts: RunParts, connection: Connection) {
    const { options, report, around } = parts;
    const api = new SteelyardApi(connection);
    this.#parts = parts;
    this.#mapper = new RowMapper(options.columns, new CurrencyTable());
    this.#poster = new Poster(options.inFlight, {
      batches: new BatchClient(api),
      accounts: new AccountOpener(api, { creditLimit: options.creditLimit, isMinor: options.columns.minor }),
      report,
      backoff: {
        retryForMs: options.retryForMs,
        signal: around.stop,
        onOutage: (outage, remainingMs) => this.#showOutage(outage.message, remainingMs),
      },
      batchSize: options.batchSize,
      abort: around.abort,
    });
  }

  /** Leaves the report complete whatever ends the import; throws only for wrong usage. */
  async run(): Promise<void> {
    const { report, source, around } = this.#parts;
    const endReading = (): void => void source.destroy();
    around.stop.addEventListener('abort', endReading, { once: true });
    try {
      await this.#postRows();
      if (!around.stop.aborted) await this.#poster.finish();
    } catch (error) {
      this.#explainStop(error);
    } finally {
      around.stop.removeEventListener('abort', endReading);
      await this.#poster.settle();
    }
    if (around.stop.aborted) report.stop('interrupted: run the same command again to finish');
  }

  async #postRows(): Promise<void> {
    const { options, report, around } = this.#parts;
    for await (const sourceRow of this.#read()) {
      if (around.stop.aborted) return;
      report.addRead();
      const row = isMalformed(sourceRow) ? sourceRow : this.#mapper.map(sourceRow);
      if (!isMalformed(row)) {
        await this.#poster.add(row);
        continue;
      }
      this.#nameMalformed(row);
      if (options.strict) return report.stop(`line ${row.line} is malformed and --strict was given`);
    }
  }

  #read(): AsyncGenerator<SourceRow | MalformedRow> {
    const { options, source } = this.#parts;
    const lines = readLines(source);
    if (options.format === 'ndjson') return readNdjson(lines);
    return readCsv(lines, options.delimiter, columnNames(options.columns));
  }

  #nameMalformed(row: MalformedRow): void {
    this.#parts.report.addMalformed(row);
    this.#malformedNamed += 1;
    if (this.#malformedNamed <= MALFORMED_NAMED_MAX)
      this.#parts.progress.note(`line ${row.line}: ${row.reason}`);
    if (this.#malformedNamed === MALFORMED_NAMED_MAX)
      this.#parts.progress.note('further malformed rows are only counted');
  }

  /** Lanes fail together and often: one line for each reason is enough. */
  #showOutage(message: string, remainingMs: number): void {
    if (message === this.#outageShown) return;
    this.#outageShown = message;
    this.#parts.progress.note(`${message}; trying again for ${Math.ceil(remainingMs / 1000)} s`);
  }

  #explainStop(error: unknown): void {
    const { report, around } = this.#parts;
    if (error instanceof Interrupted || around.stop.aborted) return;
    if (error instanceof CliError && error.exitCode !== EXIT_USAGE) {
      return report.stop(`${error.message}; run the same command again to finish`);
    }
    throw error;
  }
}

/** Every column that the options name. */
function columnNames(columns: ColumnOptions): readonly string[] {
  const { account, amount, direction, currencyColumn, reference, effective, expectBalance, type, reason } =
    columns;
  const names = [
    account,
    amount,
    direction,
    currencyColumn,
    reference,
    effective,
    expectBalance,
    type,
    reason,
  ];
  return [...names.filter((name) => name !== undefined), ...columns.metadata];
}
