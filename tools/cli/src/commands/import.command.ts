import { basename, extname } from 'node:path';
import { CURRENCY_CODE_PATTERN, SCALE_MAX } from '@steelyard/domain/money';
import type { Command } from 'commander';
import { usageError } from '../cli-error.js';
import type { ColumnOptions, ImportOptions } from '../import/import-options.js';
import { runImport } from '../import/run-import.js';
import type { CommandContext } from './command-context.js';
import { connect, withConnection, type ConnectionFlags } from './connection.options.js';
import { listenForInterruption } from './interruption.js';
import { collect, delimiterCharacter, timeSpanMs, wholeNumber } from './parse-flags.js';

// The platform's own bound of a batch.
const BATCH_SIZE_MAX = 5_000;
const BATCH_SIZE_DEFAULT = 1_000;
// Two keep the platform busy while one answer travels; more than this only queues there.
const IN_FLIGHT_MAX = 32;
const IN_FLIGHT_DEFAULT = 2;
const RETRY_FOR_DEFAULT_MS = 60_000;

interface ImportFlags extends ConnectionFlags {
  readonly account: string;
  readonly amount: string;
  readonly direction?: string;
  readonly currency?: string;
  readonly currencyColumn?: string;
  readonly scale?: number;
  readonly minor?: boolean;
  readonly effective?: string;
  readonly reference?: string;
  readonly keyFromLine?: string | true;
  readonly expectBalance?: string;
  readonly creditLimit?: string;
  readonly typeColumn?: string;
  readonly reasonColumn?: string;
  readonly metadata?: readonly string[];
  readonly format?: string;
  readonly delimiter: string;
  readonly batchSize: number;
  readonly inFlight: number;
  readonly retryFor: number;
  readonly strict?: boolean;
  readonly quiet?: boolean;
  readonly report?: string;
}

/** `steelyard import`: posts the rows of a file, each once, and compares the balances. */
export function addImportCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('import')
    .description(
      'post the rows of a CSV or NDJSON file through the batch API; run again, it posts nothing twice',
    )
    .argument('<file>', 'a .csv or .ndjson file, or - for standard input');
  addColumnOptions(command);
  addRunOptions(command);
  withConnection(command).action(async (file: string, flags: ImportFlags) => {
    const options = toImportOptions(file, flags);
    const connection = await connect(flags, context.environment);
    const interruption = listenForInterruption();
    try {
      context.setExitCode(await runImport(options, connection, { ...context, ...interruption }));
    } finally {
      interruption.release();
    }
  });
}

function addColumnOptions(command: Command): void {
  command
    .requiredOption('--account <column>', 'account id')
    .requiredOption('--amount <column>', 'amount as a decimal of whole units')
    .option(
      '--direction <column>',
      'credit/debit (c/d, in/out, +/-) gives the sign; without it the amount does',
    )
    .option('--currency <code>', 'currency of every row')
    .option('--currency-column <column>', 'currency of each row')
    .option(
      '--scale <decimals>',
      'decimals of the amounts (default: of the currency)',
      wholeNumber(0, SCALE_MAX),
    )
    .option('--minor', 'amounts are integers of minor units')
    .option('--effective <column>', 'business time: a date or an ISO 8601 time')
    .option('--reference <column>', 'unique reference of the row: its idempotency key')
    .option(
      '--key-from-line [prefix]',
      'without references: key is prefix:line (default prefix: the file name)',
    )
    .option('--expect-balance <column>', 'balance that the account must have after the row')
    .option('--type-column <column>', 'transaction type (default: DEPOSIT or WITHDRAW by the sign)')
    .option('--reason-column <column>', 'reason')
    .option('--metadata <column>', 'goes into the metadata; repeat for more', collect);
}

function addRunOptions(command: Command): void {
  command
    .option('--credit-limit <limit>', 'credit limit of new accounts: an amount, or unlimited')
    .option('--format <format>', 'csv or ndjson (default: by the name of the file, else csv)')
    .option('--delimiter <character>', 'between CSV fields', delimiterCharacter, ',')
    .option('--batch-size <rows>', 'rows of one request', wholeNumber(1, BATCH_SIZE_MAX), BATCH_SIZE_DEFAULT)
    .option(
      '--in-flight <requests>',
      'requests under way at once',
      wholeNumber(1, IN_FLIGHT_MAX),
      IN_FLIGHT_DEFAULT,
    )
    .option(
      '--retry-for <span>',
      'how long an outage may last (default: 60s)',
      timeSpanMs,
      RETRY_FOR_DEFAULT_MS,
    )
    .option('--strict', 'stop at the first malformed row')
    .option('--quiet', 'show no progress')
    .option('--report <file>', 'write the report as JSON too');
}

function toImportOptions(file: string, flags: ImportFlags): ImportOptions {
  return {
    file,
    format: formatOf(file, flags.format),
    columns: toColumnOptions(file, flags),
    delimiter: flags.delimiter,
    creditLimit: flags.creditLimit,
    batchSize: flags.batchSize,
    inFlight: flags.inFlight,
    strict: flags.strict ?? false,
    quiet: flags.quiet ?? false,
    reportFile: flags.report,
    retryForMs: flags.retryFor,
  };
}

function toColumnOptions(file: string, flags: ImportFlags): ColumnOptions {
  if ((flags.currency === undefined) === (flags.currencyColumn === undefined)) {
    throw usageError('give either --currency <code> or --currency-column <column>');
  }
  if (flags.currency !== undefined && !CURRENCY_CODE_PATTERN.test(flags.currency)) {
    throw usageError(`--currency "${flags.currency}" is not a currency code such as CZK`);
  }
  if ((flags.reference === undefined) === (flags.keyFromLine === undefined)) {
    throw usageError('give either --reference <column>, the unique reference of a row, or --key-from-line');
  }
  return {
    account: flags.account,
    amount: flags.amount,
    direction: flags.direction,
    currencyCode: flags.currency,
    currencyColumn: flags.currencyColumn,
    reference: flags.reference,
    keyFromLine: keyPrefix(file, flags.keyFromLine),
    effective: flags.effective,
    expectBalance: flags.expectBalance,
    type: flags.typeColumn,
    reason: flags.reasonColumn,
    metadata: flags.metadata ?? [],
    scale: flags.scale,
    minor: flags.minor ?? false,
  };
}

function keyPrefix(file: string, flag: string | true | undefined): string | undefined {
  if (flag !== true) return flag;
  if (file === '-')
    throw usageError('--key-from-line needs a prefix for standard input, unique to what is piped in');
  return basename(file);
}

function formatOf(file: string, flag: string | undefined): 'csv' | 'ndjson' {
  if (flag === 'csv' || flag === 'ndjson') return flag;
  if (flag !== undefined) throw usageError(`--format is csv or ndjson, not "${flag}"`);
  return ['.ndjson', '.jsonl'].includes(extname(file).toLowerCase()) ? 'ndjson' : 'csv';
}
