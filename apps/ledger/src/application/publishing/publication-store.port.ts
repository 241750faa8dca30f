/** How far each place outside has the checkpoints; it survives restarts. */
export abstract class PublicationStore {
  /** Remembers a place that was not known; what it is to get begins with the checkpoint after `treeSize`. */
  abstract register(target: string, treeSize: bigint): Promise<void>;

  /**
   * Gives the size that the place is known to have to `work` and stores what it returns (undefined: no change), in
   * a transaction that keeps other processes out. False, and nothing done, when another process is at it.
   */
  abstract advance(
    target: string,
    work: (treeSize: bigint) => Promise<{ treeSize: bigint; publishedAtMs: number } | undefined>,
  ): Promise<boolean>;
}
