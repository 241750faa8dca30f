import type { LoadResult } from '../load/load-recorder.js';
import type { Sample, SideResult } from '../results.types.js';
import type { DatabaseServer } from './database-server.js';
import { processorSeconds } from './processor-time.js';
import type { Side } from './side.js';

export interface MeasureConditions {
  readonly server: DatabaseServer;
  readonly rounds: number;
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly report: (line: string) => void;
}

/** Long enough to fill caches and to compile what is hot. */
const WARM_UP_SECONDS = 1;

/**
 * Warms every side up, then measures all of them in turns, as often as there are rounds, every other round
 * backwards: whatever drifts on the machine meanwhile meets all sides alike.
 */
export async function measureSides(
  sides: readonly Side[],
  conditions: MeasureConditions,
): Promise<SideResult[]> {
  const samples = new Map<string, Sample[]>(sides.map(({ id }) => [id, []]));
  for (const side of sides) {
    conditions.signal.throwIfAborted();
    conditions.report(`warming up · ${side.title}`);
    const result = await side.run(Math.min(conditions.seconds, WARM_UP_SECONDS));
    side.tally?.add(result);
  }
  for (let round = 1; round <= conditions.rounds; round++) {
    const inTurn = round % 2 === 1 ? sides : [...sides].reverse();
    for (const side of inTurn) {
      conditions.signal.throwIfAborted();
      const sample = await measure(side, conditions);
      samples.get(side.id)?.push(sample);
      conditions.report(`round ${round} of ${conditions.rounds} · ${side.title} · ${inShort(sample)}`);
    }
  }
  return sides.map(({ id, title, kind, call, isPaced = false }) => ({
    id,
    title,
    kind,
    call,
    isPaced,
    samples: samples.get(id) ?? [],
  }));
}

async function measure(side: Side, { server, seconds }: MeasureConditions): Promise<Sample> {
  const { pid } = server;
  const processes = {
    bench: process.pid,
    ...side.processes,
    ...(pid === undefined ? {} : { postgres: pid }),
  };
  const walBefore = await server.walBytes();
  const cpuBefore = processorSeconds(processes);
  const result: LoadResult = await side.run(seconds);
  const cpuAfter = processorSeconds(processes);
  const walBytes = (await server.walBytes()) - walBefore;
  side.tally?.add(result);
  const cpuSeconds = Object.fromEntries(
    Object.entries(cpuAfter).map(([name, after]) => [name, after - (cpuBefore[name] ?? after)]),
  );
  return { ...result, cpuSeconds, walBytes };
}

function inShort({ accepted, seconds, latencyMs, failed, firstError }: Sample): string {
  const rate = Math.round(accepted / Math.max(seconds, Number.EPSILON)).toLocaleString('en-US');
  const errors = failed > 0 ? `, ${failed} failed: ${firstError ?? ''}` : '';
  return `${rate}/s, p99 ${latencyMs.p99.toFixed(1)} ms${errors}`;
}
