import type { RakePolicy } from '../pots/index.js';
import type { EscrowPolicy } from '../tables/index.js';

/** What of the deployment's configuration decisions depend on. */
export interface CoreSettings {
  readonly defaultCurrency: string;
  /** Number of buckets. */
  readonly buckets: number;
  /** How long a reservation holds when it does not say. */
  readonly reservationTimeoutMs: number;
  /** Of a table that is used for the first time. */
  readonly escrowPolicy: EscrowPolicy;
  /** Of a settlement that does not say. */
  readonly rake: RakePolicy;
}
