import type { ledgerV1, moneyV1 } from '@steelyard/contracts/grpc';
import type { Refused } from '../refusals/refused.js';

/** The ledger app: entries and proofs. Throws an outage when it cannot answer; a refusal is a value. */
export abstract class LedgerPort {
  abstract listEntries(request: ledgerV1.ListEntriesRequest): Promise<ledgerV1.ListEntriesResponse | Refused>;
  abstract listTransactions(
    request: ledgerV1.ListTransactionsRequest,
  ): Promise<ledgerV1.ListTransactionsResponse | Refused>;
  abstract getTransaction(transactionId: string): Promise<moneyV1.Transaction | Refused>;
  abstract getBalanceAt(
    request: ledgerV1.GetBalanceAtRequest,
  ): Promise<ledgerV1.GetBalanceAtResponse | Refused>;
  /** With a cursor, empty at first: one step of it. */
  abstract verifyAccount(
    request: ledgerV1.VerifyAccountRequest,
  ): Promise<ledgerV1.VerifyAccountResponse | Refused>;
  abstract verifyAccounts(
    request: ledgerV1.VerifyAccountsRequest,
  ): Promise<ledgerV1.VerifyAccountsResponse | Refused>;
  abstract getStatus(): Promise<ledgerV1.GetStatusResponse>;
}
