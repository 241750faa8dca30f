import type { balanceV1 } from '@steelyard/contracts/grpc';
import { refused, type Refused } from '../refused.js';
import type { BalancePort } from '../ports/balance.port.js';
import type { AccountReader } from './account-reader.js';

/** Reads one account or all accounts of a holder. */
export class ReadAccountHandler {
  constructor(
    private readonly accounts: AccountReader,
    private readonly balance: BalancePort,
  ) {}

  async execute(accountId: string): Promise<balanceV1.Account | Refused> {
    return (
      (await this.accounts.find(accountId)) ?? refused('ACCOUNT_NOT_FOUND', 'The account does not exist')
    );
  }

  /** An unknown holder has no accounts. */
  ofHolder(holderId: string): Promise<balanceV1.GetHolderAccountsResponse> {
    return this.balance.getHolderAccounts(holderId);
  }
}
