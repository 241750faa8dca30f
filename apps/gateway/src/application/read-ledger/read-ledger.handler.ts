import type { ledgerV1 } from '@steelyard/contracts/grpc';
import type { LedgerPort } from '../ports/ledger.port.js';
import type { Refused } from '../refused.js';

/** Reads the chained entries of one account and the state of the whole ledger. */
export class ReadLedgerHandler {
  constructor(private readonly ledger: LedgerPort) {}

  entries(request: ledgerV1.ListEntriesRequest): Promise<ledgerV1.ListEntriesResponse | Refused> {
    return this.ledger.listEntries(request);
  }

  status(): Promise<ledgerV1.GetStatusResponse> {
    return this.ledger.getStatus();
  }
}
