import { writeFile } from 'node:fs/promises';
import { grpcTransport, SteelyardClient } from '@steelyard/client';
import { Interrupted } from '../api/outage.js';
import { CliError, EXIT_FAILED, EXIT_OK, EXIT_USAGE } from '../cli-error.js';
import { startProgress, type Progress } from '../progress.js';
import type { TextOutput } from '../text-output.js';
import { createAsk, type Ask } from './ask.js';
import { EndCheck } from './end-check.js';
import { readHandFile } from './hand-file.js';
import { HandPlay } from './hand-play.js';
import { byTable, type Hand } from './hand.js';
import { ReplayBooks } from './replay-books.js';
import { RunNames, runNameOf, type ReplayOptions } from './replay-options.js';
import { ReplayReport } from './replay-report.js';
import { formatReplayReport, toJson } from './replay-report-text.js';

/** Where a replay writes and listens. */
export interface ReplaySurroundings {
  readonly output: TextOutput;
  readonly errors: TextOutput;
  /** Aborted by the first Ctrl-C: begin no further hand, finish those that are being played. */
  readonly stop: AbortSignal;
  /** Aborted by the second: end the calls under way too. */
  readonly abort: AbortSignal;
}

/**
 * Plays all hands of a file on the balance service at `address` (host:port) and prints the report. Returns the exit
 * code: 0 only when all hands were played and nothing deviates. Throws a CliError when nothing was begun.
 */
export async function runReplay(
  options: ReplayOptions,
  address: string,
  around: ReplaySurroundings,
): Promise<number> {
  const { hands, digest } = await readHandFile(options.file);
  const { doubleCount, escrowPolicy } = options;
  const names = new RunNames(runNameOf(options, digest));
  const report = new ReplayReport({ run: names.run, doubleCount, escrowPolicy, hands });
  const books = new ReplayBooks();
  const startedMs = performance.now();
  const progress = startProgress({
    unit: 'hands',
    isQuiet: options.quiet,
    stream: around.errors,
    isTerminal: around.output.isTTY === true && around.errors.isTTY === true,
    state: () => ({ items: report.handsPlayed, done: report.handsPlayed, total: hands.length }),
  });
  // Hands of several tables share their requests: one batch of the service serves all of them.
  const client = new SteelyardClient({ transport: grpcTransport({ address }), batch: true });
  const endCalls = (): void => void client.close();
  around.abort.addEventListener('abort', endCalls, { once: true });
  try {
    const ask = createAsk(client, address, {
      retryForMs: options.retryForMs,
      signal: around.stop,
      onOutage: outageTeller(progress),
    });
    await new ReplayRun({ options, names, books, report, ask }, hands, around.stop).run();
  } finally {
    progress.stop();
    around.abort.removeEventListener('abort', endCalls);
    await client.close();
  }
  const summary = report.summary(books.turnover, (performance.now() - startedMs) / 1000);
  around.output.write(formatReplayReport(summary));
  if (options.reportFile !== undefined) await writeFile(options.reportFile, toJson(summary));
  return report.agrees ? EXIT_OK : EXIT_FAILED;
}

/** Tables fail together and often: one line for each outage that is new is enough. */
function outageTeller(progress: Progress): (outage: Error, remainingMs: number) => void {
  let told = '';
  return ({ message }, remainingMs) => {
    if (message === told) return;
    told = message;
    progress.note(`${message}; trying again for ${Math.ceil(remainingMs / 1000)} s`);
  };
}

interface RunParts {
  readonly options: ReplayOptions;
  readonly names: RunNames;
  readonly books: ReplayBooks;
  readonly report: ReplayReport;
  readonly ask: Ask;
}

/** Plays tables side by side, and the hands of a table one after the other in the order of the file. */
class ReplayRun {
  readonly #parts: RunParts;
  readonly #hands: readonly Hand[];
  readonly #stop: AbortSignal;
  #isFailed = false;

  constructor(parts: RunParts, hands: readonly Hand[], stop: AbortSignal) {
    this.#parts = parts;
    this.#hands = hands;
    this.#stop = stop;
  }

  /** Leaves the report complete whatever ends the replay. */
  async run(): Promise<void> {
    const { report } = this.#parts;
    try {
      await this.#playAll();
      if (!this.#stop.aborted) await this.#endCheck();
    } catch (error) {
      this.#explainStop(error);
    }
    if (this.#stop.aborted) report.stop('interrupted: run the same command again to finish');
  }

  async #playAll(): Promise<void> {
    // The longest table first: nobody waits for it alone at the end.
    const waiting = [...byTable(this.#hands)].sort(([, one], [, other]) => other.length - one.length);
    const seats = Array.from({ length: this.#parts.options.inFlight }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
        await this.#playTable(...next);
    });
    const outcomes = await Promise.allSettled(seats);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #playTable(table: string, hands: readonly Hand[]): Promise<void> {
    if (this.#isOver()) return;
    try {
      await this.#setPolicy(table);
      for (const hand of hands) {
        if (this.#isOver()) return;
        await new HandPlay({ ...this.#parts, doubleCount: this.#parts.options.doubleCount }, hand).play();
      }
    } catch (error) {
      this.#isFailed = true;
      throw error;
    }
  }

  async #setPolicy(table: string): Promise<void> {
    const { ask, names, report, options } = this.#parts;
    const { escrowPolicy } = options;
    const set = await ask((client) =>
      client.tables.setPolicy(
        { tableId: names.table(table), escrowPolicy },
        { idempotencyKey: names.key(table, 'policy', escrowPolicy) },
      ),
    );
    if (set.ok) return report.addCommand(set.replayed);
    throw new CliError(`the policy of table ${table} was refused: ${set.error.code}: ${set.error.message}`);
  }

  #endCheck(): Promise<void> {
    const { options, books } = this.#parts;
    const isInflated = options.doubleCount && options.escrowPolicy === 'observe';
    const expectedInflation = (): bigint => (isInflated ? books.turnover.won : 0n);
    return new EndCheck({ ...this.#parts, hands: this.#hands, expectedInflation }).run();
  }

  #isOver(): boolean {
    return this.#isFailed || this.#stop.aborted;
  }

  #explainStop(error: unknown): void {
    if (error instanceof Interrupted || this.#stop.aborted) return;
    if (!(error instanceof CliError) || error.exitCode === EXIT_USAGE) throw error;
    this.#parts.report.stop(`${error.message}; run the same command again to finish`);
  }
}
