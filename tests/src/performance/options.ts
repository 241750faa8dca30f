import { parseArgs } from 'node:util';

export const LEG_NAMES = ['engine', 'http', 'grpc', 'rest', 'holds', 'history'] as const;
export type LegName = (typeof LEG_NAMES)[number];

/** What was asked for on the command line. */
export interface BenchOptions {
  readonly legs: readonly LegName[];
  /** Length of one measured window. */
  readonly seconds: number;
  /** Windows of each side. */
  readonly rounds: number;
  /** Accounts of the ordinary loads. */
  readonly accounts: number;
  /** Accounts of the loads that no cache holds. */
  readonly manyAccounts: number;
  /** Entries of the large ledger of the history leg. */
  readonly entries: number;
  /** The engine leg with every combination of batch size, accounts, load and command. */
  readonly isFull: boolean;
  readonly jsonFile: string | undefined;
  readonly markdownFile: string | undefined;
  /** Take the results from this file instead of measuring. */
  readonly resultsFile: string | undefined;
}

/** The command line asks for something that there is not; the message says what. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `npm run bench -- [options]
  --legs engine,http,grpc,rest,holds,history   which legs to run (default: all)
  --seconds N         length of one measured window (default 3)
  --rounds N          windows of each side, taken in turns (default 3)
  --accounts N        accounts of the ordinary loads (default 1000)
  --many-accounts N   accounts of the wide loads of the engine leg (default 100000)
  --entries N         entries of the large ledger of the history leg (default 400000)
  --full              the engine leg in every combination (about 15 minutes more)
  --json FILE         write the results
  --markdown FILE     write the tables between the markers of a Markdown file
  --from FILE         measure nothing: take the results from a file that --json wrote
  --help`;

// Beyond these a run takes hours, or more memory than the machines it is meant for have.
const SECONDS_MAX = 120;
const ROUNDS_MAX = 20;
const ACCOUNTS_MAX = 1_000_000;
const ENTRIES_MAX = 100_000_000;
// A transfer needs two accounts, and an uneven load some more.
const ACCOUNTS_MIN = 10;
// Less is no history.
const ENTRIES_MIN = 20_000;

const FLAGS = {
  legs: { type: 'string', default: LEG_NAMES.join(',') },
  seconds: { type: 'string', default: '3' },
  rounds: { type: 'string', default: '3' },
  accounts: { type: 'string', default: '1000' },
  'many-accounts': { type: 'string', default: '100000' },
  entries: { type: 'string', default: '400000' },
  full: { type: 'boolean', default: false },
  json: { type: 'string' },
  markdown: { type: 'string' },
  from: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** Reads the command line; 'help' when that was asked for. @throws UsageError */
export function parseOptions(args: readonly string[]): BenchOptions | 'help' {
  const flags = flagsOf(args);
  if (flags.help) return 'help';
  return {
    legs: legsOf(flags.legs),
    seconds: whole('seconds', flags.seconds, { max: SECONDS_MAX }),
    rounds: whole('rounds', flags.rounds, { max: ROUNDS_MAX }),
    accounts: whole('accounts', flags.accounts, { min: ACCOUNTS_MIN, max: ACCOUNTS_MAX }),
    manyAccounts: whole('many-accounts', flags['many-accounts'], { min: ACCOUNTS_MIN, max: ACCOUNTS_MAX }),
    entries: whole('entries', flags.entries, { min: ENTRIES_MIN, max: ENTRIES_MAX }),
    isFull: flags.full,
    jsonFile: flags.json,
    markdownFile: flags.markdown,
    resultsFile: flags.from,
  };
}

function flagsOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function legsOf(text: string): LegName[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !LEG_NAMES.some((known) => known === name));
  if (unknown !== undefined)
    throw new UsageError(`there is no leg "${unknown}", only ${LEG_NAMES.join(', ')}`);
  return LEG_NAMES.filter((name) => names.includes(name));
}

function whole(flag: string, text: string, bounds: { readonly min?: number; readonly max: number }): number {
  const { min = 1, max } = bounds;
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UsageError(`--${flag} must be a whole number from ${min} to ${max}, not "${text}"`);
}
