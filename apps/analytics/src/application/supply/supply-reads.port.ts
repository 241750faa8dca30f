import type { SupplyFlow } from './supply.js';

/** Reads what was rolled up. Throws an outage when it cannot be reached. */
export abstract class SupplyReads {
  /** Of one currency, or of all; ordered by currency and type. */
  abstract flows(currency: string | undefined): Promise<readonly SupplyFlow[]>;
}
