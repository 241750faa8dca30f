import { withRetry, type BackoffOptions } from '../api/backoff.js';
import { asObject, textOf, type JsonObject } from '../api/json-reader.js';
import { SteelyardApi } from '../api/steelyard-api.js';
import { EXIT_FAILED, EXIT_OK } from '../cli-error.js';
import { startProgress } from '../progress.js';
import type { CommandContext } from './command-context.js';
import { connect, type ConnectionFlags } from './connection.options.js';
import { listenForInterruption } from './interruption.js';

// Long enough for a restart of the platform in the middle of a long walk.
const RETRY_FOR_MS = 30_000;

/** A walk over all there is of something, page by page. */
export interface Walk {
  /** Where the pages are asked for. */
  readonly path: string;
  /** The body for the page behind the cursor; undefined: for the first page. */
  readonly request: (cursor: string | undefined) => object;
  readonly read: (page: JsonObject) => PageRead;
  /** What is counted for people: accounts, seals. */
  readonly unit: string;
  /** How many there seem to be, for the progress. */
  readonly total: number;
  readonly isQuiet: boolean;
}

/** What one page says. */
export interface PageRead {
  /** How many it covers, in the unit of the walk. */
  readonly items: number;
  /** What is wrong with them, one text each. */
  readonly findings: readonly string[];
}

/** What a whole walk came to. */
export interface WalkTotals {
  readonly items: number;
  readonly findings: number;
}

/**
 * Runs a command that checks the platform and says by its exit code whether all is well. An outage is waited out;
 * Ctrl-C ends the check.
 *
 * @throws what {@link SteelyardApi} throws, with an outage that lasts too long as a CliError.
 */
export async function runCheck(
  flags: ConnectionFlags,
  context: CommandContext,
  check: (platform: CheckedPlatform) => Promise<boolean>,
): Promise<void> {
  const api = new SteelyardApi(await connect(flags, context.environment));
  const interruption = listenForInterruption();
  const backoff: BackoffOptions = {
    retryForMs: RETRY_FOR_MS,
    signal: interruption.stop,
    onOutage: (outage) => void context.errors.write(`${outage.message}; trying again\n`),
  };
  try {
    const isWell = await check(new CheckedPlatform(api, backoff, context));
    context.setExitCode(isWell ? EXIT_OK : EXIT_FAILED);
  } finally {
    interruption.release();
  }
}

/** The platform as a check asks it. Everything asked may be asked again. */
export class CheckedPlatform {
  constructor(
    private readonly api: SteelyardApi,
    private readonly backoff: BackoffOptions,
    private readonly context: CommandContext,
  ) {}

  async get(path: string): Promise<JsonObject> {
    const { signal } = this.backoff;
    return asObject(await withRetry(this.backoff, () => this.api.get(path, { signal })), 'body');
  }

  /** @param timeoutMs how long one answer may take, when that is longer than usual. */
  async post(path: string, request: object, timeoutMs?: number): Promise<JsonObject> {
    const options = { body: JSON.stringify(request), signal: this.backoff.signal, timeoutMs };
    return asObject(await withRetry(this.backoff, () => this.api.post(path, options)), 'body');
  }

  /** Walks to the last page. Findings are shown as they come: a long list is not kept. */
  async walk({ path, request, read, unit, total, isQuiet }: Walk): Promise<WalkTotals> {
    const totals = { items: 0, findings: 0 };
    const { errors, output } = this.context;
    const progress = startProgress({
      unit,
      isQuiet,
      stream: errors,
      isTerminal: output.isTTY === true && errors.isTTY === true,
      state: () => ({ items: totals.items, done: totals.items, total: Math.max(total, totals.items) }),
    });
    try {
      let cursor: string | undefined;
      // Bounded: the cursor moves on with every call and the platform ends it at the last page.
      do {
        const page = await this.post(path, request(cursor));
        const { items, findings } = read(page);
        totals.items += items;
        totals.findings += findings.length;
        for (const finding of findings) progress.note(finding);
        cursor = textOf(page, 'nextCursor');
      } while (cursor !== undefined && cursor !== '');
    } finally {
      progress.stop();
    }
    return totals;
  }

  print(line: string): void {
    this.context.output.write(`${line}\n`);
  }
}

/** "entries 12000, 1.5 s, 8000 entries/s" */
export function describeSpeed(entries: number, startedMs: number): string {
  const seconds = (performance.now() - startedMs) / 1000;
  const rate = Math.round(entries / Math.max(seconds, 0.001));
  return `entries ${entries}, ${seconds.toFixed(1)} s, ${rate} entries/s`;
}
