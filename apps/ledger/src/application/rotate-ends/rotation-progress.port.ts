/** How far the rotation over the ends of one bucket's accounts came. */
export interface RotationProgress {
  /** When it began; undefined between two rotations. */
  readonly startedAtMs: number | undefined;
  /** When the next may begin. */
  readonly dueAtMs: number;
  /** The last account looked at; empty before the first. */
  readonly accountId: string;
}

export abstract class RotationStore {
  /** Buckets whose rotation is in progress or due. */
  abstract due(nowMs: number): Promise<readonly number[]>;

  /**
   * Gives the progress to `work` and stores what it returns, in one transaction that keeps other processes out of
   * the bucket, also those that verify its new facts. False when another process is at it.
   */
  abstract advance(
    bucket: number,
    work: (progress: RotationProgress) => Promise<RotationProgress>,
  ): Promise<boolean>;
}
