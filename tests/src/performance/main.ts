import { readFile, writeFile } from 'node:fs/promises';
import { describeMachine } from './measure/machine.js';
import { DatabaseServer } from './measure/database-server.js';
import { parseOptions, USAGE, UsageError, type BenchOptions } from './options.js';
import { withResults } from './report/markdown.js';
import { legText, summaryText } from './report/terminal.js';
import type { BenchResults } from './results.types.js';
import { runLegs } from './run-legs.js';
import { StoppedError, stopSignal } from './stop-signal.js';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** Measures, or reads what was measured, and leaves the tables where they were asked for. */
async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') {
    print(USAGE);
    return 0;
  }
  const results =
    options.resultsFile === undefined ? await measure(options) : await readResults(options.resultsFile);
  print(summaryText(results));
  if (options.jsonFile !== undefined)
    await writeFile(options.jsonFile, `${JSON.stringify(results, null, 2)}\n`);
  if (options.markdownFile !== undefined) await updateDocument(options.markdownFile, results);
  const faulty = results.legs.flatMap(({ checks }) => checks).filter(({ faults }) => faults.length > 0);
  for (const { title, faults } of faulty) warn(`the books of ${title} do not agree: ${faults.join('; ')}`);
  return faulty.length === 0 ? 0 : EXIT_FAILED;
}

async function measure(options: BenchOptions): Promise<BenchResults> {
  const startedAt = new Date();
  const signal = stopSignal();
  const server = await DatabaseServer.start();
  const machine = describeMachine(server.version);
  try {
    const report = (line: string): void => warn(`${elapsed(startedAt)} ${line}`);
    const onLeg = (leg: BenchResults['legs'][number]): void => print(legText(leg));
    const legs = await runLegs({ options, server, signal, report, onLeg });
    const { rounds, seconds, accounts, manyAccounts, entries } = options;
    const conditions = {
      startedAt: startedAt.toISOString(),
      rounds,
      seconds,
      accounts,
      manyAccounts,
      entries,
    };
    return { machine, conditions, legs, totalSeconds: (Date.now() - startedAt.getTime()) / 1_000 };
  } finally {
    await server.stop();
  }
}

/** What --json wrote. */
async function readResults(file: string): Promise<BenchResults> {
  return JSON.parse(await readFile(file, 'utf8')) as BenchResults;
}

async function updateDocument(file: string, results: BenchResults): Promise<void> {
  await writeFile(file, withResults(await readFile(file, 'utf8'), results));
}

function elapsed(since: Date): string {
  const seconds = Math.round((Date.now() - since.getTime()) / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function warn(text: string): void {
  process.stderr.write(`${text}\n`);
}

function describeFailure(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${USAGE}`;
  if (error instanceof StoppedError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  process.exitCode = await main();
} catch (error) {
  warn(describeFailure(error));
  process.exitCode = error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED;
}
// The channel to the bootstrap would keep this process alive.
if (process.connected) process.disconnect();
