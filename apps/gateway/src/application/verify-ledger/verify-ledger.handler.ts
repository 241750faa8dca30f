import type { ledgerV1 } from '@steelyard/contracts/grpc';
import type { LedgerPort } from '@steelyard/rest/ledger';
import type { Refused } from '@steelyard/rest/refusals';

/** Recomputes chains: one account's, or those of the next accounts of a walk over all. */
export class VerifyLedgerHandler {
  constructor(private readonly ledger: LedgerPort) {}

  account(accountId: string): Promise<ledgerV1.AccountVerification | Refused> {
    return this.ledger.verifyAccount(accountId);
  }

  /** At most `limit` accounts from `cursor` on; an empty cursor is the beginning. */
  walk(request: ledgerV1.VerifyAccountsRequest): Promise<ledgerV1.VerifyAccountsResponse | Refused> {
    return this.ledger.verifyAccounts(request);
  }
}
