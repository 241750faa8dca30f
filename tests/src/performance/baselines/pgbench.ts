import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoadRecorder, type LoadResult } from '../load/load-recorder.js';
import { CLIENTS } from './clients.js';

export interface PgbenchRun {
  readonly url: string;
  readonly seconds: number;
  /** A built-in script by name, or the text of one. */
  readonly script: { readonly builtin: string } | { readonly text: string };
  readonly variables?: Readonly<Record<string, number>>;
}

const THREADS = 2;
const MICROSECONDS = 1_000;
/** Place of the latency in a line of the log of transactions. */
const LOG_LATENCY = 2;

/** Runs pgbench with prepared statements; its latencies come from its own log of every transaction. */
export async function runPgbench(run: PgbenchRun): Promise<LoadResult> {
  const dir = await mkdtemp(join(tmpdir(), 'steelyard-pgbench-'));
  try {
    const scriptFile = join(dir, 'script.sql');
    if ('text' in run.script) await writeFile(scriptFile, run.script.text);
    const output = await execute(argumentsOf(run, dir, scriptFile), run.url);
    const recorder = new LoadRecorder();
    for (const latencyMs of await latencies(dir)) recorder.latency(latencyMs);
    const { latencyMs } = recorder.finish();
    const accepted = numberIn(output, /actually processed: (\d+)/);
    const perSecond = numberIn(output, /tps = ([\d.]+) \(without/);
    const failed = numberIn(output, /failed transactions: (\d+)/);
    return { accepted, refused: 0, failed, seconds: accepted / perSecond, latencyMs };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function argumentsOf(
  { seconds, script, variables = {} }: PgbenchRun,
  dir: string,
  scriptFile: string,
): string[] {
  const load = ['-n', '-M', 'prepared', '-c', String(CLIENTS), '-j', String(THREADS)];
  const time = ['-T', String(Math.max(1, Math.round(seconds)))];
  const what = 'builtin' in script ? ['-b', script.builtin] : ['-f', scriptFile];
  const values = Object.entries(variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]);
  return [...load, ...time, ...what, ...values, '-l', `--log-prefix=${join(dir, 'log')}`];
}

function execute(args: readonly string[], url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('pgbench', args, { env: environmentOf(url), stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`pgbench ended with ${code ?? 'a signal'}:\n${output}`));
    });
  });
}

/** The password is given by environment: arguments can be read by everybody on the machine. */
function environmentOf(url: string): NodeJS.ProcessEnv {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    PATH: process.env['PATH'],
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: username,
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: pathname.slice(1),
  };
}

async function latencies(dir: string): Promise<number[]> {
  const files = (await readdir(dir)).filter((name) => name.startsWith('log.'));
  const texts = await Promise.all(files.map((name) => readFile(join(dir, name), 'utf8')));
  return texts
    .flatMap((text) => text.split('\n'))
    .map((line) => Number(line.split(' ')[LOG_LATENCY]) / MICROSECONDS)
    .filter((latencyMs) => Number.isFinite(latencyMs));
}

function numberIn(output: string, pattern: RegExp): number {
  const found = pattern.exec(output)?.[1];
  if (found === undefined)
    throw new Error(`pgbench printed nothing that matches ${pattern.source}:\n${output}`);
  return Number(found);
}
