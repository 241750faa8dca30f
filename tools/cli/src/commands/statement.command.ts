import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Option, type Command } from 'commander';
import { SteelyardApi } from '../api/steelyard-api.js';
import { CliError } from '../cli-error.js';
import type { TextOutput } from '../text-output.js';
import type { CommandContext } from './command-context.js';
import { connect, withConnection, type ConnectionFlags } from './connection.options.js';
import { listenForInterruption } from './interruption.js';

interface StatementFlags extends ConnectionFlags {
  readonly from?: string;
  readonly to?: string;
  readonly out?: string;
  readonly format: 'json' | 'ndjson';
}

interface Destination {
  readonly out: string | undefined;
  readonly output: TextOutput;
  readonly signal: AbortSignal;
}

/** `steelyard statement`: what happened on an account in a period, with its proof, into a file. */
export function addStatementCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('statement')
    .description('write the statement of an account: steelyard verify-offline checks it without the platform')
    .argument('<account>')
    .option('--from <instant>', 'first instant, by commit time (default: from the beginning)')
    .option('--to <instant>', 'the instant behind the last one (default: now)')
    .option('--out <file>', 'where to write it (default: standard output)')
    .addOption(new Option('--format <format>').choices(['json', 'ndjson']).default('json'));
  withConnection(command).action(async (accountId: string, flags: StatementFlags) => {
    const api = new SteelyardApi(await connect(flags, context.environment));
    const interruption = listenForInterruption();
    try {
      const signal = interruption.stop;
      const body = await api.download(pathOf(accountId, flags), { signal });
      await save(Readable.fromWeb(body), { out: flags.out, output: context.output, signal });
    } finally {
      interruption.release();
    }
  });
}

function pathOf(accountId: string, { from, to, format }: StatementFlags): string {
  const query = new URLSearchParams({ format });
  if (from !== undefined) query.set('from', from);
  if (to !== undefined) query.set('to', to);
  return `/accounts/${encodeURIComponent(accountId)}/statement?${query.toString()}`;
}

/** A statement that broke off must not look like one: the file gets its name when it is complete. */
async function save(body: Readable, { out, output, signal }: Destination): Promise<void> {
  const partial = `${out ?? ''}.partial`;
  try {
    if (out === undefined) await pipeline(body, output, { end: false, signal });
    else {
      await pipeline(body, createWriteStream(partial), { signal });
      await rename(partial, out);
    }
  } catch (cause) {
    if (out !== undefined) await rm(partial, { force: true });
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`the statement broke off (${why}): run the command again`, { cause });
  }
}
