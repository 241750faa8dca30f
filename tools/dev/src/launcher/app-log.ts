import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';

/** One earlier file of this size is kept; enough for days of development, small enough to forget about. */
const FILE_BYTES_MAX = 20 * 1024 * 1024;

const SHOWN_LEVELS = ['warn', 'error', 'fatal'];
const SHOWN_CHARACTERS_MAX = 600;
const TIME_OF_DAY = { from: 11, to: 19 } as const;
const NOT_SHOWN = ['time', 'level', 'app', 'event', 'pid', 'hostname'];

/** Writes an application's lines to its file, and what needs attention to the console as well. */
export class AppLog {
  readonly #app: string;
  readonly #file: WriteStream;
  readonly #print: (line: string) => void;

  constructor(app: string, logsDir: string, print: (line: string) => void) {
    mkdirSync(logsDir, { recursive: true });
    const path = join(logsDir, `${app}.log`);
    rotate(path);
    this.#app = app;
    this.#print = print;
    this.#file = createWriteStream(path, { flags: 'a' });
    this.#file.on('error', (error) => print(`${app}: cannot write ${path}: ${error.message}`));
  }

  /** Takes one line as the application wrote it. */
  write(line: string): void {
    this.#file.write(`${line}\n`);
    const shown = forConsole(this.#app, line);
    if (shown !== undefined) this.#print(shown);
  }

  close(): Promise<void> {
    return new Promise((done) => this.#file.end(() => done()));
  }
}

/** A short form of a warning or an error, or of a line that is no JSON; undefined for all else. */
export function forConsole(app: string, line: string): string | undefined {
  const record = parseRecord(line);
  if (record === undefined) return line.trim() === '' ? undefined : `${app}: ${line}`;
  const level = String(record['level']);
  if (!SHOWN_LEVELS.includes(level)) return undefined;
  const time = describeValue(record['time']).slice(TIME_OF_DAY.from, TIME_OF_DAY.to);
  const details = Object.entries(record)
    .filter(([name]) => !NOT_SHOWN.includes(name))
    .map(([name, value]) => `${name}=${describeValue(value)}`);
  const text = [
    time,
    app.padEnd(13),
    level.toUpperCase().padEnd(5),
    describeValue(record['event']),
    ...details,
  ].join(' ');
  return text.slice(0, SHOWN_CHARACTERS_MAX);
}

function describeValue(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'object' && value !== null && 'message' in value) return String(value.message);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parseRecord(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}

function rotate(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > FILE_BYTES_MAX) renameSync(path, `${path}.1`);
}
