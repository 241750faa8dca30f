import type { Provider } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { maintenanceV1, reconciliationV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import { natsFirstRpcClient, type NatsLink } from '@steelyard/platform/messaging';
import { serve, type ServedService } from '@steelyard/platform/rpc';
import type { CheckPace } from './application/account-check/check-pace.js';
import type { Clock } from './application/clock.port.js';
import { ContinueReconciliationHandler } from './application/continue-reconciliation/continue-reconciliation.handler.js';
import { ReconcileAccountHandler } from './application/reconcile-account/reconcile-account.handler.js';
import { ReconcileAccountsHandler } from './application/reconcile-accounts/reconcile-accounts.handler.js';
import { AccountRepair } from './application/reconciliation/account-repair.js';
import type { AccountRestorer } from './application/reconciliation/account-restorer.port.js';
import { SuspectChains } from './application/reconciliation/suspect-chains.js';
import { ValidateAccountHandler } from './application/validate-account/validate-account.handler.js';
import { FindingLog } from './application/verification/finding-log.js';
import type { LedgerConfig } from './config.js';
import type { Incidents } from './incidents.composition.js';
import { AccountStateRepository } from './infrastructure/postgres/account-state.repository.js';
import { ChainMarksRepository } from './infrastructure/postgres/chain-marks.repository.js';
import type { LedgerDatabase } from './infrastructure/postgres/ledger-database.js';
import { ReconciliationProgressRepository } from './infrastructure/postgres/reconciliation-progress.repository.js';
import { VerificationRepository } from './infrastructure/postgres/verification.repository.js';
import { RpcAccountRestorer, type MaintenanceRpc } from './infrastructure/rpc/rpc-account-restorer.js';
import { IntervalJob, type IntervalJobSettings } from './jobs/interval.job.js';
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

/** The background round over all accounts, which no caller can ask for. */
export function composeRound({
  database,
  clock,
  incidents: { incidents },
  restorer,
}: ReconciliationParts): ContinueReconciliationHandler {
  const reads = new VerificationRepository(database);
  const marks = new ChainMarksRepository(database, clock);
  const parts = {
    states: new AccountStateRepository(database),
    chains: new SuspectChains(reads, marks, new FindingLog(incidents, marks), incidents),
    repair: new AccountRepair(restorer, incidents),
    incidents,
    progress: new ReconciliationProgressRepository(database),
  };
  return new ContinueReconciliationHandler(database, parts, clock);
}

/** What callers can ask for. */
export function composeReconciliation({
  database,
  clock,
  incidents: { incidents, listIncidents },
  restorer,
  pace,
}: ReconciliationParts & { readonly pace: CheckPace }): ReconciliationUseCases {
  const reads = {
    states: new AccountStateRepository(database),
    verification: new VerificationRepository(database),
  };
  const repair = new AccountRepair(restorer, incidents);
  return {
    validateAccount: new ValidateAccountHandler(database, reads, pace),
    reconcileAccount: new ReconcileAccountHandler(database, { reads, repair }, pace),
    reconcileAccounts: new ReconcileAccountsHandler(database, { reads, repair, pace }, clock),
    listIncidents,
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
  parts: Omit<ReconciliationParts, 'restorer'> & { readonly pace: CheckPace },
  connections: ReconciliationConnections,
): { readonly services: readonly ServedService[]; readonly providers: readonly Provider[] } {
  const { runtime } = connections;
  const restorer = new RpcAccountRestorer(openMaintenance(connections));
  const useCases = composeReconciliation({ ...parts, restorer });
  const settings = roundJob({ ...parts, restorer }, connections);
  const useFactory = (registry: SchedulerRegistry): IntervalJob =>
    new IntervalJob(settings, registry, runtime.logger);
  return {
    services: [serve(reconciliationV1.ReconciliationServiceService, reconciliationRpcHandlers(useCases))],
    providers: [{ provide: settings.name, inject: [SchedulerRegistry], useFactory }],
  };
}

function roundJob(
  parts: ReconciliationParts,
  { config, runtime }: ReconciliationConnections,
): IntervalJobSettings {
  const round = composeRound(parts);
  const metrics = new ReconciliationMetrics(runtime.metrics);
  const request = {
    mode: config.LEDGER_RECONCILE_MODE,
    budgetMs: config.LEDGER_RECONCILE_BUDGET_MS,
    cycleMs: config.LEDGER_RECONCILE_CYCLE_MS,
  };
  return {
    name: 'ledger.reconciliation',
    intervalMs: config.LEDGER_RECONCILE_INTERVAL_MS,
    work: async () => {
      const step = await round.execute(request);
      metrics.count(step, parts.clock.nowMs());
      const { drifted, repaired, unrepaired } = step;
      if (drifted > 0) runtime.logger.warn({ drifted, repaired, unrepaired }, 'ledger.reconciliation.drift');
    },
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
