import { parseArgs } from 'node:util';
import { databaseUrl, parseConfig } from '@steelyard/platform/config';
import { z } from 'zod';
import type { ArchiveProgress, ArchiveReport } from './application/archive/archive.types.js';

const counts = new Intl.NumberFormat('en-US');

/** Reads the one file that the command is given. */
export function fileArgument(usage: string): string {
  const { positionals } = parseArgs({ allowPositionals: true, strict: true });
  const [file] = positionals;
  if (file !== undefined && positionals.length === 1) return file;
  throw new Error(`usage: ${usage}`);
}

/** The database of the environment. Throws ConfigError when there is none. */
export function databaseOfEnvironment(): string {
  return parseConfig(z.object({ DATABASE_URL: databaseUrl })).DATABASE_URL;
}

/** Runs a command with its progress and its report on standard error: standard output may be the archive. */
export async function runArchiveCommand(
  work: (onProgress: (progress: ArchiveProgress) => void) => Promise<ArchiveReport>,
): Promise<void> {
  const startedMs = performance.now();
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const rate = (count: number): string =>
    counts.format(Math.round((count * 1_000) / Math.max(performance.now() - startedMs, 1)));
  try {
    const report = await work(({ lines, linesTotal, entries }) =>
      say(
        `${counts.format(lines)} of ${counts.format(linesTotal)} lines | ${counts.format(entries)} entries | ` +
          `${rate(entries)} entries/s`,
      ),
    );
    const rows = Object.entries(report.counts).map(([name, count]) => `${counts.format(count)} ${name}`);
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
    say(rows.join(', '));
    say(
      `${counts.format(report.lines)} lines in ${seconds} s, ${rate(report.counts['entries'] ?? 0)} entries/s`,
    );
    say(`sha256 ${report.sha256}`);
  } catch (error) {
    say(`steelyard: ${error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error)}`);
    process.exitCode = 1;
  }
}
