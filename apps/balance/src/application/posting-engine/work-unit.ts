import type { Answer, PreparedCommand } from '@steelyard/domain/posting';

/** One command, or the commands of one atomic group: what is decided and answered together. */
export interface WorkUnit {
  readonly commands: readonly PreparedCommand[];
  readonly isAtomic: boolean;
  /** Lanes of all its buckets, ascending. */
  readonly lanes: readonly number[];
  /** Size of what it will write, roughly. */
  readonly bytes: number;
  /** When its caller stops waiting, in milliseconds since 1970-01-01 UTC. */
  readonly deadlineAtMs: number;
  /** One answer per command, after they are committed. */
  readonly succeed: (answers: readonly Answer[]) => void;
  /** Nothing is known about its commands, or nothing was written. */
  readonly fail: (error: Error) => void;
}

/** Units that are decided in order and written together. */
export interface Batch {
  readonly units: readonly WorkUnit[];
  readonly lanes: readonly number[];
}

/** Every bucket that a batch decides on. */
export function bucketsOf(batch: Batch): number[] {
  const buckets = new Set<number>();
  for (const unit of batch.units) {
    for (const command of unit.commands) for (const bucket of command.buckets) buckets.add(bucket);
  }
  return [...buckets];
}
