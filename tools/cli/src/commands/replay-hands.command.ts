import { Option, type Command } from 'commander';
import { usageError } from '../cli-error.js';
import type { ReplayOptions } from '../replay/replay-options.js';
import { runReplay } from '../replay/run-replay.js';
import type { CommandContext } from './command-context.js';
import { grpcAddress, withGrpc, type GrpcFlags } from './grpc.options.js';
import { listenForInterruption } from './interruption.js';
import { timeSpanMs, wholeNumber } from './parse-flags.js';

// With the table's and the hand's ids behind it a key still has room in 255 characters.
const RUN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
const IN_FLIGHT_MAX = 64;
const IN_FLIGHT_DEFAULT = 8;
const RETRY_FOR_DEFAULT_MS = 60_000;

interface ReplayFlags extends GrpcFlags {
  readonly run?: string;
  readonly doubleCount?: boolean;
  readonly escrowPolicy: ReplayOptions['escrowPolicy'];
  readonly inFlight: number;
  readonly retryFor: number;
  readonly quiet?: boolean;
  readonly report?: string;
}

/** `steelyard replay-hands`: plays poker hands from their histories and compares every answer with them. */
export function addReplayHandsCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('replay-hands')
    .description(
      'play poker hands of a history over gRPC and check them to the chip; run again, nothing moves twice',
    )
    .argument('<file>', 'NDJSON with one hand a line')
    .option('--run <name>', 'names the accounts, tables and keys (default: after the content of the file)')
    .option(
      '--double-count',
      'cash-outs include the winnings again, although the settlement has credited them: a broken game',
    )
    .addOption(
      new Option('--escrow-policy <policy>', 'what tables do about chips that are not there')
        .choices(['strict', 'observe'])
        .default('strict'),
    )
    .option('--in-flight <tables>', 'tables played at once', wholeNumber(1, IN_FLIGHT_MAX), IN_FLIGHT_DEFAULT)
    .addOption(
      new Option('--retry-for <span>', 'how long an outage may last')
        .argParser(timeSpanMs)
        .default(RETRY_FOR_DEFAULT_MS, '60s'),
    )
    .option('--quiet', 'show no progress')
    .option('--report <file>', 'write the report as JSON too');
  withGrpc(command).action(async (file: string, flags: ReplayFlags) => {
    const options = toReplayOptions(file, flags);
    const address = grpcAddress(flags, context.environment);
    const interruption = listenForInterruption();
    try {
      context.setExitCode(await runReplay(options, address, { ...context, ...interruption }));
    } finally {
      interruption.release();
    }
  });
}

function toReplayOptions(file: string, flags: ReplayFlags): ReplayOptions {
  if (flags.run !== undefined && !RUN_NAME.test(flags.run)) {
    throw usageError('--run is 1 to 40 letters, digits or ._- and begins with a letter or a digit');
  }
  return {
    file,
    run: flags.run,
    doubleCount: flags.doubleCount ?? false,
    escrowPolicy: flags.escrowPolicy,
    inFlight: flags.inFlight,
    retryForMs: flags.retryFor,
    quiet: flags.quiet ?? false,
    reportFile: flags.report,
  };
}
