import type { BaselineId } from '../baselines/baselines.js';
import type { DatabaseServer } from '../measure/database-server.js';
import type { Side } from '../measure/side.js';
import type { BenchOptions, LegName } from '../options.js';
import type { LegResult, SideResult } from '../results.types.js';

/** What a leg works with. */
export interface Bench {
  readonly options: BenchOptions;
  readonly server: DatabaseServer;
  /** Aborted when the run should end. */
  readonly signal: AbortSignal;
  report(line: string): void;
  /** Baselines to be measured in turns with the leg's own sides. */
  baselines(ids: readonly BaselineId[]): Promise<readonly Side[]>;
  /** Warms up and measures the sides in turns. */
  measure(sides: readonly Side[], conditions?: { readonly rounds: number }): Promise<SideResult[]>;
}

export type LegFindings = Pick<LegResult, 'sides' | 'figures' | 'checks'>;

/** One part of the benchmark; starts what it needs and leaves nothing behind. */
export interface Leg {
  readonly name: LegName;
  readonly title: string;
  run(bench: Bench): Promise<LegFindings>;
}
