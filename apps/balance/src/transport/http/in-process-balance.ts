import type { balanceV1 } from '@steelyard/contracts/grpc';
import { BalancePort } from '@steelyard/rest/balance';
import type { BalanceRpcHandlers } from '../balance-rpc-handlers.js';

type UsedHandlers = Pick<BalanceRpcHandlers, 'execute' | 'getAccounts' | 'getHolderAccounts'>;

/** The balance app as its own HTTP edge reaches it: the handlers of the other transports, called directly. */
export class InProcessBalance extends BalancePort {
  constructor(private readonly handlers: UsedHandlers) {
    super();
  }

  async execute(commands: readonly balanceV1.Command[]): Promise<readonly balanceV1.Outcome[]> {
    const { outcomes } = await this.handlers.execute({ commands: [...commands] });
    return outcomes;
  }

  getAccounts(accountIds: readonly string[]): Promise<balanceV1.GetAccountsResponse> {
    return this.handlers.getAccounts({ accountIds: [...accountIds] });
  }

  getHolderAccounts(holderId: string): Promise<balanceV1.GetHolderAccountsResponse> {
    return this.handlers.getHolderAccounts({ holderId });
  }
}
