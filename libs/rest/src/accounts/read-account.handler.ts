import type { balanceV1 } from '@steelyard/contracts/grpc';
import { refused, type Refused } from '../refusals/refused.js';
import type { BalancePort } from '../balance/balance.port.js';
import type { AccountAsOf, AccountReader } from '../balance/account-reader.js';

/** An account that exists. */
export type ReadAccount = AccountAsOf & { readonly account: balanceV1.Account };

/** Reads one account or all accounts of a holder. */
export class ReadAccountHandler {
  constructor(
    private readonly accounts: AccountReader,
    private readonly balance: BalancePort,
  ) {}

  /** While the database is away the account is as last known. */
  async execute(accountId: string): Promise<ReadAccount | Refused> {
    const { account, ...known } = await this.accounts.read(accountId);
    return account ? { account, ...known } : refused('ACCOUNT_NOT_FOUND', 'The account does not exist');
  }

  /** An unknown holder has no accounts. */
  ofHolder(holderId: string): Promise<balanceV1.GetHolderAccountsResponse> {
    return this.balance.getHolderAccounts(holderId);
  }
}
