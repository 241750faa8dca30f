import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import type { Machine } from '../results.types.js';

const BYTES_PER_GIB = 1024 ** 3;

/** What the run runs on. */
export function describeMachine(postgresVersion: string): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / BYTES_PER_GIB),
    system: `${type()} ${release()}`,
    node: process.version,
    postgres: postgresVersion,
    pgbench: pgbenchVersion() ?? 'not on the PATH: a Node program instead',
    loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

/** The version of the pgbench on the PATH; undefined when there is none. */
export function pgbenchVersion(): string | undefined {
  try {
    const text = execFileSync('pgbench', ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return /\d+(?:\.\d+)*/.exec(text)?.[0];
  } catch {
    return undefined;
  }
}
