import type { balanceV1 } from '@steelyard/contracts/grpc';

/**
 * The balance app. Every method throws an outage when nothing is known about the answer; commands may then be
 * sent again under the same keys. Refusals are outcomes.
 */
export abstract class BalancePort {
  /** Executes commands in input order: one outcome a command, in the same order. */
  abstract execute(commands: readonly balanceV1.Command[]): Promise<readonly balanceV1.Outcome[]>;
  /** Unknown accounts are absent from the reply. */
  abstract getAccounts(accountIds: readonly string[]): Promise<balanceV1.GetAccountsResponse>;
  abstract getHolderAccounts(holderId: string): Promise<balanceV1.GetHolderAccountsResponse>;
}
