import type { ledgerV1 } from '@steelyard/contracts/grpc';
import type { LedgerPort } from '@steelyard/rest/ledger';

/** Reads the state of the whole ledger. */
export class ReadLedgerStatusHandler {
  constructor(private readonly ledger: LedgerPort) {}

  execute(): Promise<ledgerV1.GetStatusResponse> {
    return this.ledger.getStatus();
  }
}
