import type { CompleteNode, NodePlace } from '@steelyard/domain/merkle';
import type { CheckpointKey } from './checkpoint-signer.port.js';
import type { SealPosition, StoredSeal, StoredSealBucket } from './seal-reads.port.js';

/** The log as it stands. */
export interface LogState {
  /** Its name in checkpoints, chosen once. */
  readonly origin: string;
  readonly seals: bigint;
  readonly facts: bigint;
  readonly entries: bigint;
  /** Undefined before the first seal. */
  readonly previousLeafHash: Uint8Array | undefined;
}

/** The end of a bucket's audit trail. */
export interface AuditHead {
  readonly sequence: bigint;
  /** Lower-case hex. */
  readonly checksum: string;
}

export interface NewSealBucket extends StoredSealBucket {
  readonly audit: AuditHead;
  readonly leafMarks: Uint8Array;
}

export interface NewSeal extends StoredSeal {
  /** The nodes of the log that are complete with it. */
  readonly nodes: readonly CompleteNode[];
  readonly signedWith: readonly CheckpointKey[];
}

/** The transaction of one seal: what is saved in it is there as a whole, or not at all. */
export abstract class SealSession {
  abstract readonly log: LogState;
  abstract positions(): Promise<readonly SealPosition[]>;
  /** By bucket; a bucket without records is not in it. */
  abstract auditHeads(): Promise<ReadonlyMap<number, AuditHead>>;
  abstract nodes(places: readonly NodePlace[]): Promise<readonly (Uint8Array | undefined)[]>;
  /** When the last seal was made; 0 before the first. Throws when the log says that there is one, and there is not. */
  abstract lastSealedAtMs(): Promise<number>;
  abstract saveBucket(bucket: NewSealBucket): Promise<void>;
  /** The last call: moves the log on. */
  abstract saveSeal(seal: NewSeal): Promise<void>;
}

export abstract class SealStore {
  /**
   * Runs `work` in the one transaction that seals; undefined, and nothing done, when another process is at it.
   * `origin` becomes the name of the log if it has none yet.
   */
  abstract seal<Result>(
    origin: string,
    work: (session: SealSession) => Promise<Result>,
  ): Promise<Result | undefined>;
}
