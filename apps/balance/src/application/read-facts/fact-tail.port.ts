import type { factsV1 } from '@steelyard/contracts/grpc';

/** How much to read at once. At least one fact comes, however large it is. */
export interface StretchLimits {
  readonly factsMax: number;
  /** About what the facts take on the wire. */
  readonly bytesMax: number;
}

/** Committed facts of one bucket that follow each other. */
export interface FactStretch {
  /** In sequence order, from the one after the sequence asked for, without gaps. */
  readonly facts: readonly factsV1.Fact[];
  /** About what they take on the wire. */
  readonly bytes: number;
  /** The last fact of the bucket when this was read. */
  readonly headSequence: bigint;
}

/** How far the facts of a deployment go. */
export interface FactHeads {
  /** UUID; facts of other databases may have the same buckets and sequences, but not this. */
  readonly deploymentId: string;
  /** The last sequence of every bucket, by bucket. */
  readonly heads: readonly { readonly bucket: number; readonly sequence: bigint }[];
}

/** The committed facts as they are stored. Implementations throw OutageError and {@link FactIntegrityError}. */
export abstract class FactTail {
  /** The facts of a bucket after a sequence; none when the bucket has no later ones. */
  abstract read(bucket: number, afterSequence: bigint, limits: StretchLimits): Promise<FactStretch>;
  /** Both from one snapshot. */
  abstract heads(): Promise<FactHeads>;
}

/** What is stored contradicts itself: nothing may be told about facts behind this place. */
export class FactIntegrityError extends Error {
  override readonly name = 'FactIntegrityError';
}
