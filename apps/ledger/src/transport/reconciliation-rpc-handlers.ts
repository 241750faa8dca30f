import type { reconciliationV1 } from '@steelyard/contracts/grpc';
import type { RpcHandlers } from '@steelyard/platform/rpc';
import type { Incident } from '../application/incidents/incident-log.js';
import type { ListIncidentsHandler } from '../application/incidents/list-incidents.handler.js';
import type { ReconcileAccountHandler } from '../application/reconcile-account/reconcile-account.handler.js';
import type { ReconcileAccountsHandler } from '../application/reconcile-accounts/reconcile-accounts.handler.js';
import type { ValidateAccountHandler } from '../application/validate-account/validate-account.handler.js';
import { granted } from './refused-rpc-error.js';

export type ReconciliationRpcHandlers = RpcHandlers<typeof reconciliationV1.ReconciliationServiceService>;

/** The use cases behind the service. */
export interface ReconciliationUseCases {
  readonly validateAccount: ValidateAccountHandler;
  readonly reconcileAccount: ReconcileAccountHandler;
  readonly reconcileAccounts: ReconcileAccountsHandler;
  readonly listIncidents: ListIncidentsHandler;
}

/** What every transport serves. A refusal leaves as {@link RefusedRpcError}. */
export function reconciliationRpcHandlers(useCases: ReconciliationUseCases): ReconciliationRpcHandlers {
  return {
    validateAccount: async (request) => granted(await useCases.validateAccount.execute(request)),
    reconcileAccount: async (request) => granted(await useCases.reconcileAccount.execute(request)),
    reconcileAccounts: async (request) => granted(await useCases.reconcileAccounts.execute(request)),
    listIncidents: async (request) => {
      const { incidents, nextCursor } = granted(await useCases.listIncidents.execute(request));
      return { incidents: incidents.map(encodeIncident), nextCursor };
    },
  };
}

function encodeIncident(incident: Incident): reconciliationV1.Incident {
  const { incidentId, type, accountId, bucket, sequence, entryId, reason } = incident;
  const { expectedJson, foundJson, foundAtMs, resolvedAtMs, resolution } = incident;
  const found = { incidentId, type, accountId, bucket, sequence, entryId, reason, expectedJson, foundJson };
  return { ...found, foundAtMs, resolvedAtMs, resolution };
}
