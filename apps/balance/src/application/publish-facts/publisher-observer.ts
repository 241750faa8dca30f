import type { PlaceKey } from './fact-positions.port.js';

export interface FailureReport extends PlaceKey {
  /** Which attempt in a row failed, from 1. */
  readonly attempt: number;
  readonly error: unknown;
}

/** What single deliveries tell. */
export interface DeliveryObserver {
  /** A consumer took facts. */
  delivered(consumer: string, facts: number): void;
  /** A delivery failed; it is tried again. */
  failed(report: FailureReport): void;
}

/** What the publisher tells about its work, for metrics and logs. */
export interface PublisherObserver extends DeliveryObserver {
  /** A consumer does not answer; told with every failure that says so. */
  away(consumer: string, error: unknown): void;
  /** A consumer that was away took facts. */
  back(consumer: string): void;
  /** The positions could not be read or written: nothing is delivered meanwhile. */
  interrupted(error: unknown): void;
  /** They could; told with every round. */
  resumed(): void;
}
