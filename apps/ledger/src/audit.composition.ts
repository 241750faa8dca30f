import type { Provider } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { randomUUID } from 'node:crypto';
import { auditV1 } from '@steelyard/contracts/grpc';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import { serve, type ServedService } from '@steelyard/platform/rpc';
import { AuditWalk } from './application/audit/audit-walk.js';
import type { Clock } from './application/clock.port.js';
import { ContinueAuditWalkHandler } from './application/audit/continue-audit-walk.handler.js';
import { ErasePersonalDataHandler } from './application/audit/erase-personal-data.handler.js';
import { ListAuditRecordsHandler } from './application/audit/list-audit-records.handler.js';
import { RecordAuditEventsHandler } from './application/audit/record-audit-events.handler.js';
import { VerifyAuditTrailHandler } from './application/audit/verify-audit-trail.handler.js';
import type { IncidentLog } from './application/incidents/incident-log.js';
import type { LedgerConfig } from './config.js';
import { AuditTrailRepository } from './infrastructure/postgres/audit/audit-trail.repository.js';
import { AuditVerificationRepository } from './infrastructure/postgres/audit/audit-verification.repository.js';
import type { LedgerDatabase } from './infrastructure/postgres/ledger-database.js';
import { AuditVerificationMetrics } from './jobs/audit-verification.metrics.js';
import { IntervalJob, type IntervalJobSettings } from './jobs/interval.job.js';
import { auditRpcHandlers, type AuditUseCases } from './transport/audit-rpc-handlers.js';

/** The use cases of the audit trail. */
export function auditUseCases(database: LedgerDatabase, clock: Clock): AuditUseCases {
  const trail = new AuditTrailRepository(database);
  return {
    listAuditRecords: new ListAuditRecordsHandler(database, trail),
    recordAuditEvents: new RecordAuditEventsHandler(database, trail),
    erasePersonalData: new ErasePersonalDataHandler(trail, clock, randomUUID),
    verifyAuditTrail: new VerifyAuditTrailHandler(database, new AuditWalk(trail)),
  };
}

/** The audit trail as a service. */
export function composeAudit(database: LedgerDatabase, clock: Clock): readonly ServedService[] {
  return [serve(auditV1.AuditServiceService, auditRpcHandlers(auditUseCases(database, clock)))];
}

/** What the verification of the trail works on. */
export interface AuditVerificationParts {
  readonly database: LedgerDatabase;
  readonly clock: Clock;
  readonly incidents: IncidentLog;
}

/** The verification that no caller asks for. */
export function composeAuditVerification(parts: AuditVerificationParts): ContinueAuditWalkHandler {
  const { database, clock, incidents } = parts;
  const walk = new AuditWalk(new AuditTrailRepository(database));
  const store = new AuditVerificationRepository(database);
  return new ContinueAuditWalkHandler(database, walk, store, incidents, clock);
}

/** The job that verifies the trail, a piece every few seconds. */
export function auditJobs(
  parts: AuditVerificationParts,
  config: Pick<LedgerConfig, 'LEDGER_AUDIT_VERIFY_INTERVAL_MS' | 'LEDGER_AUDIT_VERIFY_BUDGET_MS'>,
  runtime: Pick<AppRuntime, 'logger' | 'metrics'>,
): readonly Provider[] {
  const metrics = new AuditVerificationMetrics(runtime.metrics);
  const store = new AuditVerificationRepository(parts.database);
  const continueWalk = composeAuditVerification(parts);
  const settings: IntervalJobSettings = {
    name: 'ledger.audit',
    intervalMs: config.LEDGER_AUDIT_VERIFY_INTERVAL_MS,
    work: async () => {
      const step = await continueWalk.execute({ budgetMs: config.LEDGER_AUDIT_VERIFY_BUDGET_MS });
      metrics.verified(step, parts.clock.nowMs());
      metrics.state(await store.recordsUnverified());
    },
  };
  return [
    {
      provide: settings.name,
      inject: [SchedulerRegistry],
      useFactory: (scheduler: SchedulerRegistry) => new IntervalJob(settings, scheduler, runtime.logger),
    },
  ];
}
