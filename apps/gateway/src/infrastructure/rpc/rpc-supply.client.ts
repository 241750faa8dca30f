import type { analyticsV1 } from '@steelyard/contracts/grpc';
import type { RpcClient } from '@steelyard/platform/rpc';
import { orRefusal, type Refused } from '@steelyard/rest/refusals';
import { SupplyPort } from '../../application/ports/supply.port.js';

/** Supply of the analytics app over gRPC or NATS, whichever the client speaks. */
export class RpcSupplyClient extends SupplyPort {
  constructor(private readonly rpc: RpcClient<typeof analyticsV1.AnalyticsServiceService>) {
    super();
  }

  override getSupply(currency: string): Promise<readonly analyticsV1.CurrencySupply[] | Refused> {
    return orRefusal('NOT_FOUND', async () => (await this.rpc.call('getSupply', { currency })).currencies);
  }
}
