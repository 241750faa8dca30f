import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { RpcClient } from '@steelyard/platform/rpc';
import { BalancePort } from './balance.port.js';

export type BalanceRpc = RpcClient<typeof balanceV1.BalanceServiceService>;

/** The balance app over gRPC or NATS, whichever the client speaks. */
export class RpcBalanceClient extends BalancePort {
  constructor(private readonly rpc: BalanceRpc) {
    super();
  }

  async execute(commands: readonly balanceV1.Command[]): Promise<readonly balanceV1.Outcome[]> {
    const { outcomes } = await this.rpc.call('execute', { commands: [...commands] });
    return outcomes;
  }

  getAccounts(accountIds: readonly string[]): Promise<balanceV1.GetAccountsResponse> {
    return this.rpc.call('getAccounts', { accountIds: [...accountIds] });
  }

  getHolderAccounts(holderId: string): Promise<balanceV1.GetHolderAccountsResponse> {
    return this.rpc.call('getHolderAccounts', { holderId });
  }
}
