import type { analyticsV1 } from '@steelyard/contracts/grpc';
import type { Refused } from '@steelyard/rest/refusals';
import type { SupplyPort } from '../ports/supply.port.js';

/** Reads where all units of currencies are. */
export class ReadSupplyHandler {
  constructor(private readonly supply: SupplyPort) {}

  /** @param currency empty: all. */
  execute(currency: string): Promise<readonly analyticsV1.CurrencySupply[] | Refused> {
    return this.supply.getSupply(currency);
  }
}
