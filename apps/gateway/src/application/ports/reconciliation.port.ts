import type { reconciliationV1 } from '@steelyard/contracts/grpc';
import type { Refused } from '@steelyard/rest/refusals';

/** Reconciliation in the ledger app. Throws an outage when it cannot answer; a refusal is a value. */
export abstract class ReconciliationPort {
  /** With a cursor, empty at first: one step of it. */
  abstract validateAccount(
    request: reconciliationV1.ValidateAccountRequest,
  ): Promise<reconciliationV1.ValidateAccountResponse | Refused>;
  /** With a cursor, empty at first: one step of it. */
  abstract reconcileAccount(
    request: reconciliationV1.ReconcileAccountRequest,
  ): Promise<reconciliationV1.ReconcileAccountResponse | Refused>;
  abstract reconcileAccounts(
    request: reconciliationV1.ReconcileAccountsRequest,
  ): Promise<reconciliationV1.ReconcileAccountsResponse | Refused>;
  abstract listIncidents(
    request: reconciliationV1.ListIncidentsRequest,
  ): Promise<reconciliationV1.ListIncidentsResponse | Refused>;
}
