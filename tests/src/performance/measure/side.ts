import type { LoadResult } from '../load/load-recorder.js';
import type { WatchedProcesses } from './processor-time.js';

/** What callers of one database were told so far, over all sides that work on it. */
export class Tally {
  accepted = 0;
  refused = 0;
  unknown = 0;

  add(result: Pick<LoadResult, 'accepted' | 'refused' | 'failed'>): void {
    this.accepted += result.accepted;
    this.refused += result.refused;
    this.unknown += result.failed;
  }
}

/** One thing to measure: the product in one configuration under one load, or a baseline. */
export interface Side {
  readonly id: string;
  readonly title: string;
  readonly kind: 'product' | 'baseline';
  /** What one latency is of. */
  readonly call: string;
  /** Open loop: the rate is given. */
  readonly isPaced?: boolean;
  /** Processes that do the work; that of the benchmark is added. */
  readonly processes: WatchedProcesses;
  /** Where the answers are counted, for the check of the books; a baseline's are not checked. */
  readonly tally?: Tally;
  /** Loads the side for about so long. */
  run(seconds: number): Promise<LoadResult>;
}
