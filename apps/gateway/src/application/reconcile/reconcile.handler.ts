import type { reconciliationV1 } from '@steelyard/contracts/grpc';
import { callerName, type Caller } from '@steelyard/rest/access';
import type { Refused } from '@steelyard/rest/refusals';
import type { ReconciliationPort } from '../ports/reconciliation.port.js';

export interface ReconcileWalk {
  readonly cursor: string;
  readonly limit: number;
  readonly repair: boolean;
  readonly reason: string;
}

/** Compares accounts with the ledger, and restores them to it in the name of the caller. */
export class ReconcileHandler {
  constructor(private readonly reconciliation: ReconciliationPort) {}

  /** Looks, and changes nothing. */
  validate(accountId: string): Promise<reconciliationV1.AccountValidation | Refused> {
    return this.reconciliation.validateAccount(accountId);
  }

  account(
    caller: Caller,
    request: { readonly accountId: string; readonly reason: string },
  ): Promise<reconciliationV1.ReconcileAccountResponse | Refused> {
    return this.reconciliation.reconcileAccount({ ...request, performedBy: callerName(caller) });
  }

  /** The next accounts of a walk over all; an empty cursor is the beginning. */
  walk(
    caller: Caller,
    request: ReconcileWalk,
  ): Promise<reconciliationV1.ReconcileAccountsResponse | Refused> {
    return this.reconciliation.reconcileAccounts({ ...request, performedBy: callerName(caller) });
  }

  incidents(
    request: reconciliationV1.ListIncidentsRequest,
  ): Promise<reconciliationV1.ListIncidentsResponse | Refused> {
    return this.reconciliation.listIncidents(request);
  }
}
