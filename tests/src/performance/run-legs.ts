import { Baselines } from './baselines/baselines.js';
import { engineLeg } from './legs/engine.leg.js';
import { grpcLeg } from './legs/grpc.leg.js';
import { holdsLeg } from './legs/holds.leg.js';
import { historyLeg } from './legs/history.leg.js';
import { httpLeg } from './legs/http.leg.js';
import type { Bench, Leg } from './legs/leg.js';
import { restLeg } from './legs/rest.leg.js';
import type { DatabaseServer } from './measure/database-server.js';
import { measureSides } from './measure/measure-sides.js';
import type { BenchOptions, LegName } from './options.js';
import type { LegResult } from './results.types.js';

const LEGS: Readonly<Record<LegName, Leg>> = {
  engine: engineLeg,
  http: httpLeg,
  grpc: grpcLeg,
  rest: restLeg,
  holds: holdsLeg,
  history: historyLeg,
};

export interface RunOptions {
  readonly options: BenchOptions;
  readonly server: DatabaseServer;
  readonly signal: AbortSignal;
  readonly report: (line: string) => void;
  /** Told of each leg as it ends. */
  readonly onLeg: (leg: LegResult) => void;
}

/** Runs the legs one after the other on one server, with the same baselines. */
export async function runLegs({ options, server, signal, report, onLeg }: RunOptions): Promise<LegResult[]> {
  let baselines: Baselines | undefined;
  const results: LegResult[] = [];
  try {
    for (const name of options.legs) {
      const reportLeg = (line: string): void => report(`[${name}] ${line}`);
      const bench: Bench = {
        options,
        server,
        signal,
        report: reportLeg,
        baselines: async (ids) => {
          baselines ??= await Baselines.create(server, options.accounts);
          return baselines.sides(ids);
        },
        measure: (sides, { rounds } = options) =>
          measureSides(sides, { server, rounds, seconds: options.seconds, signal, report: reportLeg }),
      };
      const result = await runLeg(LEGS[name], bench);
      results.push(result);
      onLeg(result);
    }
    return results;
  } finally {
    await baselines?.close();
  }
}

async function runLeg(leg: Leg, bench: Bench): Promise<LegResult> {
  bench.signal.throwIfAborted();
  const startedMs = performance.now();
  bench.report('preparing');
  const findings = await leg.run(bench);
  const seconds = (performance.now() - startedMs) / 1_000;
  return { name: leg.name, title: leg.title, ...findings, seconds };
}
