import type { reconciliationV1 } from '@steelyard/contracts/grpc';
import type { RpcClient } from '@steelyard/platform/rpc';
import { orRefusal, type Refused } from '@steelyard/rest/refusals';
import { ReconciliationPort } from '../../application/ports/reconciliation.port.js';

export type ReconciliationRpc = RpcClient<typeof reconciliationV1.ReconciliationServiceService>;

/** Reconciliation in the ledger app over gRPC or NATS, whichever the client speaks. */
export class RpcReconciliationClient extends ReconciliationPort {
  constructor(private readonly rpc: ReconciliationRpc) {
    super();
  }

  validateAccount(
    request: reconciliationV1.ValidateAccountRequest,
  ): Promise<reconciliationV1.ValidateAccountResponse | Refused> {
    return orRefusal('ACCOUNT_NOT_FOUND', () => this.rpc.call('validateAccount', request));
  }

  reconcileAccount(
    request: reconciliationV1.ReconcileAccountRequest,
  ): Promise<reconciliationV1.ReconcileAccountResponse | Refused> {
    return orRefusal('ACCOUNT_NOT_FOUND', () => this.rpc.call('reconcileAccount', request));
  }

  reconcileAccounts(
    request: reconciliationV1.ReconcileAccountsRequest,
  ): Promise<reconciliationV1.ReconcileAccountsResponse | Refused> {
    return orRefusal('ACCOUNT_NOT_FOUND', () => this.rpc.call('reconcileAccounts', request));
  }

  listIncidents(
    request: reconciliationV1.ListIncidentsRequest,
  ): Promise<reconciliationV1.ListIncidentsResponse | Refused> {
    return orRefusal('ACCOUNT_NOT_FOUND', () => this.rpc.call('listIncidents', request));
  }
}
