import type { analyticsV1 } from '@steelyard/contracts/grpc';
import type { Refused } from '@steelyard/rest/refusals';

/** Supply of the analytics app. Throws an outage when it cannot answer; a refusal is a value. */
export abstract class SupplyPort {
  /** An empty currency means all. */
  abstract getSupply(currency: string): Promise<readonly analyticsV1.CurrencySupply[] | Refused>;
}
