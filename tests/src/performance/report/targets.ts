import type { BenchResults, LegResult } from '../results.types.js';
import { perSecond, spread } from './statistics.js';

/** One promise of the project, and what this run says about it. */
export interface TargetVerdict {
  readonly title: string;
  /** What was promised, in words. */
  readonly promise: string;
  readonly measured: number;
  readonly needed: number;
  readonly unit: string;
  readonly isMet: boolean;
}

/** Figures of the reference machine: other systems were measured there beside the same TPC-B-like transaction. */
export const REFERENCE = {
  tpcb: 6_000,
  pgledger: 1_800,
  servicePerSecond: 4_000,
  serviceHot: 950,
  http: 3_000,
  httpHot: 890,
} as const;

type Reference = Exclude<keyof typeof REFERENCE, 'tpcb'>;

interface RateTarget {
  readonly leg: string;
  readonly side: string;
  readonly title: string;
  readonly times: number;
  /** 'tpcb' is measured in this run; the others are scaled to this machine by it. */
  readonly of: 'tpcb' | Reference;
  readonly name: string;
}

interface BoundTarget {
  readonly leg: string;
  readonly title: string;
  readonly promise: string;
  readonly unit: string;
  readonly limit: number;
  readonly isCeiling: boolean;
  readonly measured: (leg: LegResult) => number | undefined;
}

const ENGINE = { leg: 'engine', side: 'transfer-500-uniform-few', title: 'posting engine, batch 500' };
const HTTP = { leg: 'http', side: 'transfer-500-uniform', title: 'batch API over HTTP, 500 items' };
const PGLEDGER = { of: 'pgledger', name: 'pgledger single transfers' } as const;
const TPCB = { of: 'tpcb', name: 'TPC-B-like' } as const;

const RATE_TARGETS: readonly RateTarget[] = [
  { ...ENGINE, ...TPCB, times: 5 },
  { ...ENGINE, ...PGLEDGER, times: 15 },
  { ...HTTP, ...TPCB, times: 3 },
  { ...HTTP, ...PGLEDGER, times: 10 },
  service('grpc', 'transfer-uniform', { title: 'gRPC transfers', times: 2, of: 'servicePerSecond' }),
  service('grpc', 'transfer-hot', { title: 'gRPC transfers, hot account', times: 8, of: 'serviceHot' }),
  service('grpc', 'deposit-uniform', { title: 'gRPC deposits', times: 2, of: 'servicePerSecond' }),
  service('grpc', 'deposit-hot', { title: 'gRPC deposits, hot account', times: 8, of: 'serviceHot' }),
  service('rest', 'transfer-uniform', { title: 'REST transfers', times: 2.5, of: 'http' }),
  service('rest', 'transfer-hot', { title: 'REST transfers, hot account', times: 8, of: 'httpHot' }),
  service('rest', 'deposit-uniform', { title: 'REST deposits', times: 2.5, of: 'http' }),
  service('rest', 'deposit-hot', { title: 'REST deposits, hot account', times: 8, of: 'httpHot' }),
];

const BOUND_TARGETS: readonly BoundTarget[] = [
  {
    leg: 'grpc',
    title: 'latency over gRPC, open loop at 1,000 a second, p99',
    promise: 'below 15 ms',
    unit: 'ms',
    limit: 15,
    isCeiling: true,
    measured: ({ sides }) => latencyOf(sides, 'paced-transfer-uniform', 'p99'),
  },
  {
    leg: 'history',
    title: 'chain verification, a second of one core',
    promise: 'at least 150,000 entries',
    unit: 'entries',
    limit: 150_000,
    isCeiling: false,
    measured: (leg) => figureOf(leg, 'verification-pure'),
  },
  {
    leg: 'history',
    title: 'the same through the ledger app, a CPU second of it and PostgreSQL',
    promise: 'at least 150,000 entries',
    unit: 'entries',
    limit: 150_000,
    isCeiling: false,
    measured: (leg) => figureOf(leg, 'verification-core'),
  },
  {
    leg: 'history',
    title: 'balance at an instant, open loop at 200 a second, p99',
    promise: 'below 10 ms',
    unit: 'ms',
    limit: 10,
    isCeiling: true,
    measured: ({ sides }) => p99Of(sides, 'balance-at-paced'),
  },
  {
    leg: 'history',
    title: 'the same with as many reads as 8 readers get, p99',
    promise: 'below 10 ms',
    unit: 'ms',
    limit: 10,
    isCeiling: true,
    measured: ({ sides }) => p99Of(sides, 'balance-at'),
  },
  {
    leg: 'history',
    title: 'growth of the cost of a posting',
    promise: 'at most 1.3 times',
    unit: 'times',
    limit: 1.3,
    isCeiling: true,
    measured: (leg) => figureOf(leg, 'growth'),
  },
  {
    leg: 'history',
    title: 'storage for a transaction of two entries',
    promise: 'at most 743 bytes',
    unit: 'bytes',
    limit: 743,
    isCeiling: true,
    measured: (leg) => figureOf(leg, 'storage'),
  },
  ...['grpc', 'rest'].flatMap(hotAccountTargets),
];

/** What the run says about every promise whose leg it ran. */
export function verdicts({ legs }: Pick<BenchResults, 'legs'>): TargetVerdict[] {
  return legs.flatMap((leg) => [
    ...RATE_TARGETS.filter((target) => target.leg === leg.name).flatMap((target) => rateVerdict(target, leg)),
    ...BOUND_TARGETS.filter((target) => target.leg === leg.name).flatMap((target) =>
      boundVerdict(target, leg),
    ),
  ]);
}

/** An account that everybody uses may cost half of the throughput, and must not make anybody wait for long. */
function hotAccountTargets(leg: string): BoundTarget[] {
  return [
    {
      leg,
      title: `${leg} transfers on a hot account, relative to spread ones`,
      promise: 'at least half',
      unit: 'times',
      limit: 0.5,
      isCeiling: false,
      measured: ({ sides }) => rateOf(sides, 'transfer-hot') / rateOf(sides, 'transfer-uniform'),
    },
    {
      leg,
      title: `${leg} transfers on a hot account, p99 relative to p50`,
      promise: 'at most 10 times',
      unit: 'times',
      limit: 10,
      isCeiling: true,
      measured: ({ sides }) =>
        latencyOf(sides, 'transfer-hot', 'p99') / latencyOf(sides, 'transfer-hot', 'p50'),
    },
  ];
}

function service(
  leg: string,
  side: string,
  target: { readonly title: string; readonly times: number; readonly of: Reference },
): RateTarget {
  const reference = REFERENCE[target.of].toLocaleString('en-US');
  return { leg, side, ...target, name: `${reference} a second of the service it replaces` };
}

function rateVerdict({ side, title, times, of, name }: RateTarget, leg: LegResult): TargetVerdict[] {
  const found = leg.sides.find(({ id }) => id === side);
  const tpcb = leg.sides.find(({ id }) => id === 'tpcb');
  if (found === undefined || tpcb === undefined) return [];
  const measured = perSecond(found).median;
  const needed = times * perSecond(tpcb).median * (REFERENCE[of] / REFERENCE.tpcb);
  const promise = `at least ${times} × ${name}`;
  return [{ title, promise, measured, needed, unit: 'a second', isMet: measured >= needed }];
}

function boundVerdict(target: BoundTarget, leg: LegResult): TargetVerdict[] {
  const measured = target.measured(leg);
  if (measured === undefined) return [];
  const { title, promise, unit, limit: needed, isCeiling } = target;
  const isMet = isCeiling ? measured <= needed : measured >= needed;
  return [{ title, promise, measured, needed, unit, isMet }];
}

function rateOf(sides: LegResult['sides'], side: string): number {
  return perSecond(sides.find(({ id }) => id === side)).median;
}

function latencyOf(sides: LegResult['sides'], side: string, percentile: 'p50' | 'p99'): number {
  const samples = sides.find(({ id }) => id === side)?.samples ?? [];
  return spread(samples, ({ latencyMs }) => latencyMs[percentile]).median;
}

/** Undefined where the side was not measured. */
function p99Of(sides: LegResult['sides'], side: string): number | undefined {
  return sides.some(({ id }) => id === side) ? latencyOf(sides, side, 'p99') : undefined;
}

function figureOf(leg: LegResult, figure: string): number | undefined {
  return leg.figures.find(({ id }) => id === figure)?.value;
}
