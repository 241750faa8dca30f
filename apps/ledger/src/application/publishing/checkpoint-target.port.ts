/** A checkpoint on its way out of the platform. */
export interface PublishedCheckpoint {
  readonly treeSize: bigint;
  /** The signed note. */
  readonly note: string;
}

/** The place holds another checkpoint of this size: one of the two logs was rewritten. */
export interface PublicationConflict {
  readonly kind: 'conflict';
  readonly reason: string;
}

/** A place outside the database where checkpoints are kept, out of reach of whoever can change the ledger. */
export abstract class CheckpointTarget {
  /** Tells places apart; kept in the database. */
  abstract readonly name: string;
  /** For metrics and log lines. */
  abstract readonly kind: 'directory' | 'url';

  /** Returns when the place has it. To publish the same again changes nothing. Throws when it did not take it. */
  abstract publish(checkpoint: PublishedCheckpoint): Promise<PublicationConflict | undefined>;

  /** The note of the newest checkpoint there; undefined when there is none, or the place cannot be read. */
  abstract newest(): Promise<string | undefined>;
}
