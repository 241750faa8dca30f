import type { ledgerV1 } from '@steelyard/contracts/grpc';
import { invariant } from '@steelyard/domain/result';
import type { LedgerPort } from '@steelyard/rest/ledger';
import { isRefused, type Refused } from '@steelyard/rest/refusals';
import type { LongChecks } from '../long-checks/long-checks.js';

/** Recomputes chains: one account's, or those of the next accounts of a walk over all. */
export class VerifyLedgerHandler {
  constructor(
    private readonly ledger: LedgerPort,
    private readonly checks: LongChecks,
  ) {}

  /** To the end, however long the chain is, for as long as the caller waits. */
  async account(accountId: string, caller: AbortSignal): Promise<ledgerV1.AccountVerification | Refused> {
    const last = await this.checks.run(caller, (cursor) => this.accountStep(accountId, cursor));
    if (isRefused(last)) return last;
    invariant(last.verification, 'the ledger answers the last step with the verification');
    return last.verification;
  }

  /** A bounded part of it; an empty cursor is the beginning. */
  accountStep(accountId: string, cursor: string): Promise<ledgerV1.VerifyAccountResponse | Refused> {
    return this.ledger.verifyAccount({ accountId, cursor });
  }

  /** At most `limit` accounts from `cursor` on; an empty cursor is the beginning. */
  walk(request: ledgerV1.VerifyAccountsRequest): Promise<ledgerV1.VerifyAccountsResponse | Refused> {
    return this.ledger.verifyAccounts(request);
  }
}
