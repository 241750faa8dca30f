import type { ledgerV1 } from '@steelyard/contracts/grpc';
import type { LedgerPort } from '../ledger/ledger.port.js';
import type { Refused } from '../refusals/refused.js';

/** Reads what happened to one account, newest first. */
export class ReadHistoryHandler {
  constructor(private readonly ledger: LedgerPort) {}

  transactions(
    request: ledgerV1.ListTransactionsRequest,
  ): Promise<ledgerV1.ListTransactionsResponse | Refused> {
    return this.ledger.listTransactions(request);
  }

  /** The account's entries as they are chained. */
  entries(request: ledgerV1.ListEntriesRequest): Promise<ledgerV1.ListEntriesResponse | Refused> {
    return this.ledger.listEntries(request);
  }
}
