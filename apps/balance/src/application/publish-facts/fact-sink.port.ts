import type { factsV1 } from '@steelyard/contracts/grpc';

/** Facts of one bucket that follow each other; at least one. */
export interface FactDelivery {
  readonly bucket: number;
  /** The last fact before the first of these. */
  readonly afterSequence: bigint;
  readonly facts: readonly factsV1.Fact[];
}

/** Somebody who takes facts: a consumer that they are pushed to, or a message broker. */
export abstract class FactSink {
  /** Whose position it is: the name of a consumer, or of the broker. */
  abstract readonly consumer: string;

  /**
   * Hands facts over; whoever takes them skips those it has. Returns for each delivery the last fact of its bucket that
   * it has then, which may lie before or behind those of the delivery.
   *
   * @param deliveries of different buckets, at least one.
   * @throws OutageError when it is away or does not answer in time; some facts may have arrived.
   */
  abstract deliver(deliveries: readonly FactDelivery[]): Promise<readonly bigint[]>;
}
