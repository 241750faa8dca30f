import type { Provider } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { maintenanceV1, reconciliationV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import { natsFirstRpcClient, type NatsLink } from '@steelyard/platform/messaging';
import { serve, type ServedService } from '@steelyard/platform/rpc';
import type { Clock } from './application/clock.port.js';
import { ContinueReconciliationHandler } from './application/continue-reconciliation/continue-reconciliation.handler.js';
import { ReconcileAccountHandler } from './application/reconcile-account/reconcile-account.handler.js';
import { ReconcileAccountsHandler } from './application/reconcile-accounts/reconcile-accounts.handler.js';
import { AccountRepair } from './application/reconciliation/account-repair.js';
import type { AccountRestorer } from './application/reconciliation/account-restorer.port.js';
import { AccountValidator } from './application/validate-account/account-validator.js';
import { ValidateAccountHandler } from './application/validate-account/validate-account.handler.js';
import type { LedgerConfig } from './config.js';
import type { Incidents } from './incidents.composition.js';
import { AccountStateRepository } from './infrastructure/postgres/account-state.repository.js';
import type { LedgerDatabase } from './infrastructure/postgres/ledger-database.js';
import { ReconciliationProgressRepository } from './infrastructure/postgres/reconciliation-progress.repository.js';
import { VerificationRepository } from './infrastructure/postgres/verification.repository.js';
import { RpcAccountRestorer, type MaintenanceRpc } from './infrastructure/rpc/rpc-account-restorer.js';
import { ReconciliationJob } from './jobs/reconciliation.job.js';
import { ReconciliationMetrics } from './jobs/reconciliation.metrics.js';
import {
  reconciliationRpcHandlers,
  type ReconciliationUseCases,
} from './transport/reconciliation-rpc-handlers.js';

/** A restore waits for the lock of one bucket. */
const RESTORE_DEADLINE_MS = 5_000;

export interface ReconciliationParts {
  readonly database: LedgerDatabase;
  readonly clock: Clock;
  readonly incidents: Incidents;
  readonly restorer: AccountRestorer;
}

/** All use cases of reconciliation, and the piece of the background walk that no caller can ask for. */
export function composeReconciliation({
  database,
  clock,
  incidents,
  restorer,
}: ReconciliationParts): ReconciliationUseCases & {
  readonly continueReconciliation: ContinueReconciliationHandler;
} {
  const states = new AccountStateRepository(database);
  const verification = new VerificationRepository(database);
  const validator = new AccountValidator(database, states, verification);
  const repair = new AccountRepair(verification, restorer, incidents.incidents);
  const progress = new ReconciliationProgressRepository(database);
  const walkParts = { states, repair, incidents: incidents.incidents, progress };
  return {
    validateAccount: new ValidateAccountHandler(validator),
    reconcileAccount: new ReconcileAccountHandler(validator, repair),
    reconcileAccounts: new ReconcileAccountsHandler(database, { states, validator, repair }, clock),
    listIncidents: incidents.listIncidents,
    continueReconciliation: new ContinueReconciliationHandler(database, walkParts, clock),
  };
}

export interface ReconciliationConnections {
  readonly config: LedgerConfig;
  readonly runtime: AppRuntime;
  /** Calls to the balance app go over it first. */
  readonly nats: NatsLink | undefined;
}

/** The service and the job, with the balance app as the one that restores. */
export function openReconciliation(
  parts: Omit<ReconciliationParts, 'restorer'>,
  connections: ReconciliationConnections,
): { readonly services: readonly ServedService[]; readonly providers: readonly Provider[] } {
  const { config, runtime } = connections;
  const restorer = new RpcAccountRestorer(openMaintenance(connections));
  const useCases = composeReconciliation({ ...parts, restorer });
  const metrics = new ReconciliationMetrics(runtime.metrics);
  const schedule = {
    intervalMs: config.LEDGER_RECONCILE_INTERVAL_MS,
    budgetMs: config.LEDGER_RECONCILE_BUDGET_MS,
    cycleMs: config.LEDGER_RECONCILE_CYCLE_MS,
    mode: config.LEDGER_RECONCILE_MODE,
  };
  const useFactory = (registry: SchedulerRegistry): ReconciliationJob =>
    new ReconciliationJob(
      useCases.continueReconciliation,
      { ...schedule, registry },
      metrics,
      runtime.logger,
    );
  return {
    services: [serve(reconciliationV1.ReconciliationServiceService, reconciliationRpcHandlers(useCases))],
    providers: [{ provide: ReconciliationJob, inject: [SchedulerRegistry], useFactory }],
  };
}

function openMaintenance({ config, runtime, nats }: ReconciliationConnections): MaintenanceRpc {
  const address = `${config.BALANCE_HOST}:${config.BALANCE_GRPC_PORT}`;
  const definition = maintenanceV1.MaintenanceServiceService;
  const direct = grpcClient(definition, { address, deadlineMs: RESTORE_DEADLINE_MS });
  runtime.onClose(() => direct.close());
  if (nats === undefined) return direct;
  return natsFirstRpcClient(nats, definition, { fallback: direct, deadlineMs: RESTORE_DEADLINE_MS });
}
