/** Where one consumer stands in one bucket. */
export interface PlaceKey {
  readonly consumer: string;
  readonly bucket: number;
}

/** How far a consumer has come in a bucket. */
export interface Place extends PlaceKey {
  /** The last fact that the consumer has. */
  readonly sequence: bigint;
  /** Failed attempts since the last that succeeded. */
  readonly failures: number;
}

/** A place whose consumer lacks facts. */
export interface DuePlace extends Place {
  /** How many. */
  readonly lacking: bigint;
  /** The lease is this process's and lasts long enough for an attempt. */
  readonly isLeased: boolean;
}

export interface PositionMove extends PlaceKey {
  /** Where the position was when the facts were read: elsewhere it stays where it is. */
  readonly from: bigint;
  readonly to: bigint;
  /** Whether to go on holding the lease, for its full time again. */
  readonly keepsLease: boolean;
}

export interface FailedDelivery extends PlaceKey {
  readonly afterSequence: bigint;
  /** Facts of the delivery; 0 when it did not come to one. */
  readonly facts: number;
  /** Which attempt in a row this was, from 1. */
  readonly attempt: number;
  /** Milliseconds before anybody may try again. */
  readonly pauseMs: number;
  readonly reason: string;
}

/** How far one consumer is behind. */
export interface Lag {
  readonly consumer: string;
  readonly facts: bigint;
  /** Age of the oldest fact that it lacks; 0 when it lacks none. */
  readonly ageMs: number;
}

/**
 * How far every consumer has come, shared by all processes of the app. A place is delivered to by the process that
 * leases it: for some seconds by the database's clock, so that a process that dies needs nobody to notice.
 */
export abstract class FactPositions {
  /** Begins at the first fact with consumers that are new. */
  abstract open(consumers: readonly string[]): Promise<void>;
  /** Places that lack facts, are due and that no other process leases; those longest untouched first. */
  abstract due(consumers: readonly string[]): Promise<readonly DuePlace[]>;
  /** Leases places that nobody else leases; returns those it got, with where they are now. */
  abstract claim(places: readonly PlaceKey[]): Promise<readonly Place[]>;
  /** Moves positions that are this process's and where they were; returns for each whether it moved. */
  abstract move(moves: readonly PositionMove[]): Promise<readonly boolean[]>;
  /** Notes a failed attempt and gives the lease back. */
  abstract fail(failed: FailedDelivery): Promise<void>;
  /** Lets a consumer's places be tried at once whose pause is not over: it is back. */
  abstract endPauses(consumer: string): Promise<void>;
  /** Gives back all of this process's leases. */
  abstract releaseAll(): Promise<void>;
  abstract lags(consumers: readonly string[]): Promise<readonly Lag[]>;
}
