import type { ledgerV1, moneyV1 } from '@steelyard/contracts/grpc';
import { invariant } from '@steelyard/domain/result';
import type { RpcClient } from '@steelyard/platform/rpc';
import { LedgerPort } from './ledger.port.js';
import type { Refused } from '../refusals/refused.js';
import { orRefusal } from '../refusals/or-refusal.js';

export type LedgerRpc = RpcClient<typeof ledgerV1.LedgerServiceService>;

/** The ledger app over gRPC or NATS, whichever the client speaks. */
export class RpcLedgerClient extends LedgerPort {
  constructor(private readonly rpc: LedgerRpc) {
    super();
  }

  listEntries(request: ledgerV1.ListEntriesRequest): Promise<ledgerV1.ListEntriesResponse | Refused> {
    return orRefusal('ACCOUNT_NOT_FOUND', () => this.rpc.call('listEntries', request));
  }

  listTransactions(
    request: ledgerV1.ListTransactionsRequest,
  ): Promise<ledgerV1.ListTransactionsResponse | Refused> {
    return orRefusal('ACCOUNT_NOT_FOUND', () => this.rpc.call('listTransactions', request));
  }

  getTransaction(transactionId: string): Promise<moneyV1.Transaction | Refused> {
    return orRefusal('TRANSACTION_NOT_FOUND', async () => {
      const { transaction } = await this.rpc.call('getTransaction', { transactionId });
      invariant(transaction, 'the ledger answers with the transaction');
      return transaction;
    });
  }

  getBalanceAt(request: ledgerV1.GetBalanceAtRequest): Promise<ledgerV1.GetBalanceAtResponse | Refused> {
    return orRefusal('ACCOUNT_NOT_FOUND', () => this.rpc.call('getBalanceAt', request));
  }

  verifyAccount(request: ledgerV1.VerifyAccountRequest): Promise<ledgerV1.VerifyAccountResponse | Refused> {
    return orRefusal('ACCOUNT_NOT_FOUND', () => this.rpc.call('verifyAccount', request));
  }

  verifyAccounts(
    request: ledgerV1.VerifyAccountsRequest,
  ): Promise<ledgerV1.VerifyAccountsResponse | Refused> {
    return orRefusal('ACCOUNT_NOT_FOUND', () => this.rpc.call('verifyAccounts', request));
  }

  getStatus(): Promise<ledgerV1.GetStatusResponse> {
    return this.rpc.call('getStatus', {});
  }
}
