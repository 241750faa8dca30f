import { CURRENCY_CODE_PATTERN } from '@steelyard/domain/money';
import { refuse, type Refusal } from '@steelyard/domain/result';
import type { SupplyReads } from './supply-reads.port.js';
import { supplyOf, type CurrencySupply } from './supply.js';

/** Shows where all units of currencies are. */
export class GetSupplyHandler {
  constructor(private readonly reads: SupplyReads) {}

  /**
   * @param currency empty: every currency that was ever moved.
   * Refuses with INVALID_CURRENCY. A currency in which nothing was moved has a supply of zero.
   */
  async execute(currency: string): Promise<readonly CurrencySupply[] | Refusal> {
    if (currency === '') {
      const flows = await this.reads.flows(undefined);
      const codes = [...new Set(flows.map((flow) => flow.currency))];
      return codes.map((code) =>
        supplyOf(
          code,
          flows.filter((flow) => flow.currency === code),
        ),
      );
    }
    if (!CURRENCY_CODE_PATTERN.test(currency)) {
      return refuse('INVALID_CURRENCY', 'currency must be a code such as CZK or CHIPS', 'currency');
    }
    return [supplyOf(currency, await this.reads.flows(currency))];
  }
}
