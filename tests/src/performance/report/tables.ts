import type { BenchResults, BooksCheck, LegResult, Machine, SideResult } from '../results.types.js';
import { perSecond, spread } from './statistics.js';
import { verdicts } from './targets.js';

/** Rows of texts under a heading; the terminal and the document lay them out. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const MICROSECONDS = 1_000_000;
/** Baselines that have a column of ratios of their own. */
const RATIOS = { tpcb: '× TPC-B', function: '× function', naive: '× naive' } as const;

/** What was measured of each side, the ratios to the baselines of the same leg last. */
export function sidesTable(leg: LegResult): Table {
  const baselines = Object.entries(RATIOS).filter(([id]) => leg.sides.some((side) => side.id === id));
  return {
    columns: [
      'side',
      'a second',
      'least to most',
      'p50 ms',
      'p95 ms',
      'p99 ms',
      'errors',
      'CPU µs each',
      'WAL bytes each',
      ...baselines.map(([, name]) => name),
    ],
    rows: leg.sides.map((side) => [
      ...sideRow(side),
      ...baselines.map(([id]) =>
        ratio(
          side,
          leg.sides.find((one) => one.id === id),
        ),
      ),
    ]),
  };
}

export function figuresTable({ figures }: LegResult): Table {
  return {
    columns: ['figure', 'value', 'unit'],
    rows: figures.map(({ title, value, unit }) => [title, number(value), unit]),
  };
}

/** Whether the books agree with what callers were told. */
export function checksTable(checks: readonly BooksCheck[]): Table {
  return {
    columns: [
      'books',
      'accepted',
      'stored',
      'unknown',
      'idempotency rows',
      'entries',
      'chains verified',
      'verdict',
    ],
    rows: checks.map((check) => [
      check.title,
      number(check.accepted),
      number(check.stored),
      number(check.unknown),
      number(check.idempotencyRows),
      number(check.entries),
      `${number(check.chainsVerified)} (${number(check.entriesVerified)} entries)`,
      check.faults.length === 0 ? 'all agree' : check.faults.join('; '),
    ]),
  };
}

export function targetsTable(results: Pick<BenchResults, 'legs'>): Table {
  return {
    columns: ['target', 'promise', 'needed here', 'measured', 'met'],
    rows: verdicts(results).map(({ title, promise, needed, measured, unit, isMet }) => [
      title,
      promise,
      `${number(needed)} ${unit}`,
      `${number(measured)} ${unit}`,
      isMet ? 'yes' : 'no',
    ]),
  };
}

/** What the figures were measured on, a line each. */
export function machineLines({
  cpu,
  cores,
  memoryGiB,
  system,
  node,
  postgres,
  pgbench,
  loadBefore,
}: Machine): string[] {
  return [
    `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}`,
    `Node ${node}, PostgreSQL ${postgres} (embedded, durable commits), pgbench ${pgbench}`,
    `load of the machine before the run: ${loadBefore}`,
  ];
}

/** A number for people: as many places as it deserves. */
export function number(value: number): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function sideRow(side: SideResult): string[] {
  const { samples } = side;
  const rate = perSecond(side);
  const latency = (percentile: 'p50' | 'p95' | 'p99'): string =>
    number(spread(samples, ({ latencyMs }) => latencyMs[percentile]).median);
  const failed = samples.reduce((sum, sample) => sum + sample.failed, 0);
  const refused = samples.reduce((sum, sample) => sum + sample.refused, 0);
  return [
    side.isPaced ? `${side.title} (paced)` : side.title,
    number(Math.round(rate.median)),
    `${number(Math.round(rate.min))}–${number(Math.round(rate.max))}`,
    latency('p50'),
    latency('p95'),
    latency('p99'),
    refused === 0 ? number(failed) : `${number(failed)} + ${number(refused)} refused`,
    processorText(side),
    number(Math.round(spread(samples, ({ walBytes, accepted }) => walBytes / Math.max(1, accepted)).median)),
  ];
}

function processorText({ samples }: SideResult): string {
  const names = Object.keys(samples[0]?.cpuSeconds ?? {});
  return names
    .map((name) => {
      const each = spread(
        samples,
        ({ cpuSeconds, accepted }) => ((cpuSeconds[name] ?? 0) * MICROSECONDS) / Math.max(1, accepted),
      );
      return `${name} ${number(Math.round(each.median))}`;
    })
    .join(', ');
}

/** A side that was given its rate has no ratio. */
function ratio(side: SideResult, baseline: SideResult | undefined): string {
  const rate = perSecond(baseline).median;
  if (side.isPaced || rate === 0) return '';
  return number(Math.round((perSecond(side).median / rate) * 100) / 100);
}
