import type { balanceV1 } from '@steelyard/contracts/grpc';
import { invariant } from '@steelyard/domain/result';
import type { BalanceRpc } from '@steelyard/rest/balance';
import { orRefusal, type Refused } from '@steelyard/rest/refusals';
import { TablesPort } from '../../application/ports/tables.port.js';

/** Tables and pots of the balance app over gRPC or NATS, whichever the client speaks. */
export class RpcTablesClient extends TablesPort {
  constructor(private readonly rpc: BalanceRpc) {
    super();
  }

  getPot(request: balanceV1.GetPotRequest): Promise<balanceV1.Pot | Refused> {
    return orRefusal('POT_NOT_FOUND', async () => {
      const { pot } = await this.rpc.call('getPot', request);
      invariant(pot, 'the balance app answers with the pot');
      return pot;
    });
  }

  getTable(request: balanceV1.GetTableRequest): Promise<balanceV1.Table | Refused> {
    return orRefusal('TABLE_NOT_FOUND', async () => {
      const { table } = await this.rpc.call('getTable', request);
      invariant(table, 'the balance app answers with the table');
      return table;
    });
  }
}
