import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCli, startCli, type CliResult, type CliRun } from './steelyard-cli.js';

/** Starts the real `steelyard replay-hands` against a balance service, and reads what it reports. */
export interface ReplayRunner {
  start(file: string, args?: readonly string[]): CliRun;
  run(file: string, args?: readonly string[]): Promise<Replayed>;
}

export interface Replayed extends CliResult {
  readonly report: unknown;
}

/** @param grpcTarget host:port of the balance service; asked anew for every run */
export function replayRunner(directory: () => string, grpcTarget: () => string): ReplayRunner {
  const reportFile = (): string => join(directory(), 'replay.json');
  const commandLine = (file: string, args: readonly string[]): string[] => [
    'replay-hands',
    file,
    '--grpc',
    grpcTarget(),
    '--report',
    reportFile(),
    ...args,
  ];
  // The replay speaks to the balance service alone: it has no use for the address and the token of the gateway.
  return {
    start: (file, args = []) => startCli('', '', commandLine(file, args)),
    run: async (file, args = []) => {
      const result = await runCli('', '', commandLine(file, args));
      const report: unknown = await readFile(reportFile(), 'utf8').then(JSON.parse, () => undefined);
      return { ...result, report };
    },
  };
}
