import cliProgress from 'cli-progress';
import type { TextOutput } from './text-output.js';

const LINE_EVERY_MS = 2_000;
const BAR_EVERY_MS = 200;
const counts = new Intl.NumberFormat('en-US');

/** How far some work has come. */
export interface ProgressState {
  /** What is counted for people: rows, accounts. */
  readonly items: number;
  /** What is measured for the time left: bytes of a file, accounts. */
  readonly done: number;
  /** Undefined when nobody knows, as for standard input. */
  readonly total: number | undefined;
}

/** Shows how far some work has come until it is stopped. */
export interface Progress {
  /** Says something beside the progress, such as an outage that is being waited out. */
  note(text: string): void;
  stop(): void;
}

/** How progress is shown. */
export interface ProgressOptions {
  readonly unit: string;
  readonly isQuiet: boolean;
  readonly stream: TextOutput;
  readonly isTerminal: boolean;
  readonly state: () => ProgressState;
}

/** A bar on a terminal, a line every two seconds elsewhere; notes are shown even when quiet. */
export function startProgress(options: ProgressOptions): Progress {
  if (options.isQuiet)
    return { note: (text) => void options.stream.write(`${text}\n`), stop: () => undefined };
  return options.isTerminal && options.state().total !== undefined ? startBar(options) : startLines(options);
}

function startBar({ unit, stream, state }: ProgressOptions): Progress {
  const startedMs = performance.now();
  const bar = new cliProgress.SingleBar({
    format: `{bar} {percentage}% | {text}`,
    stream,
    barsize: 30,
    hideCursor: true,
    noTTYOutput: false,
    // Otherwise the bar would end the process on Ctrl-C before the report is printed.
    gracefulExit: false,
    barCompleteChar: '█',
    barIncompleteChar: '░',
  });
  bar.start(state().total ?? 0, 0, { text: '' });
  const draw = (): void =>
    bar.update(state().done, { text: describe(state(), unit, performance.now() - startedMs) });
  const timer = setInterval(draw, BAR_EVERY_MS);
  return {
    note: (text) => {
      stream.write(`\r\u001B[2K${text}\n`);
      draw();
    },
    stop: () => {
      clearInterval(timer);
      draw();
      bar.stop();
    },
  };
}

function startLines({ unit, stream, state }: ProgressOptions): Progress {
  const startedMs = performance.now();
  const timer = setInterval(
    () => void stream.write(`${describe(state(), unit, performance.now() - startedMs)}\n`),
    LINE_EVERY_MS,
  );
  return { note: (text) => void stream.write(`${text}\n`), stop: () => clearInterval(timer) };
}

/** "12,000 rows | 6,000 rows/s | 4 s left" */
export function describe(state: ProgressState, unit: string, elapsedMs: number): string {
  const rate = elapsedMs > 0 ? Math.round((state.items * 1000) / elapsedMs) : 0;
  const parts = [`${counts.format(state.items)} ${unit}`, `${counts.format(rate)} ${unit}/s`];
  const left = timeLeft(state, elapsedMs);
  if (left !== undefined) parts.push(`${left} left`);
  return parts.join(' | ');
}

function timeLeft({ done, total }: ProgressState, elapsedMs: number): string | undefined {
  if (total === undefined || done <= 0) return undefined;
  const seconds = Math.ceil((elapsedMs * Math.max(total - done, 0)) / done / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}
