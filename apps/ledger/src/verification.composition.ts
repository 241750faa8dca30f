import type { Provider } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { alertsV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import { natsFirstRpcClient, type NatsLink } from '@steelyard/platform/messaging';
import type { Clock } from './application/clock.port.js';
import { ContinueWalkHandler } from './application/continue-walk/continue-walk.handler.js';
import type { IncidentLog } from './application/incidents/incident-log.js';
import { ReportAlertsHandler } from './application/report-alerts/report-alerts.handler.js';
import { FindingLog } from './application/verification/finding-log.js';
import { LedgerWalk } from './application/verification/ledger-walk.js';
import type { NewFactsStore } from './application/verify-new-facts/new-facts.port.js';
import { VerifyNewFactsHandler } from './application/verify-new-facts/verify-new-facts.handler.js';
import type { LedgerConfig } from './config.js';
import { AlertOutboxRepository } from './infrastructure/postgres/alert-outbox.repository.js';
import { ChainMarksRepository } from './infrastructure/postgres/chain-marks.repository.js';
import { FactSliceRepository } from './infrastructure/postgres/fact-slice.repository.js';
import type { LedgerDatabase } from './infrastructure/postgres/ledger-database.js';
import {
  KnownChainRepository,
  NewFactsProgressRepository,
} from './infrastructure/postgres/new-facts.repository.js';
import { VerificationRepository } from './infrastructure/postgres/verification.repository.js';
import { WalkProgressRepository } from './infrastructure/postgres/walk-progress.repository.js';
import { RpcAlertReceiver, type AlertsRpc } from './infrastructure/rpc/rpc-alert-receiver.js';
import { IntervalJob, type IntervalJobSettings } from './jobs/interval.job.js';
import { NewFactsMetrics } from './jobs/new-facts.metrics.js';
import { VerificationMetrics } from './jobs/verification.metrics.js';

/** A report is a few rows; notifications that are away are tried again with the next interval. */
const REPORT_DEADLINE_MS = 5_000;

export interface VerificationParts {
  readonly database: LedgerDatabase;
  readonly clock: Clock;
  readonly incidents: IncidentLog;
}

/** What verifies in the background; no caller can ask for it. */
export interface BackgroundVerification {
  readonly verifyNewFacts: VerifyNewFactsHandler;
  readonly continueWalk: ContinueWalkHandler;
  readonly newFacts: NewFactsStore;
}

/** The background verification over PostgreSQL. */
export function composeVerification({
  database,
  clock,
  incidents,
}: VerificationParts): BackgroundVerification {
  const reads = new VerificationRepository(database);
  const marks = new ChainMarksRepository(database, clock);
  const findings = new FindingLog(incidents, marks);
  const newFacts = new NewFactsProgressRepository(database, clock);
  const progress = new WalkProgressRepository(database);
  const known = new KnownChainRepository(database);
  const facts = new FactSliceRepository(database);
  const walk = new LedgerWalk(reads, facts, clock);
  return {
    verifyNewFacts: new VerifyNewFactsHandler(facts, known, newFacts, incidents, clock),
    continueWalk: new ContinueWalkHandler(database, progress, walk, findings, clock),
    newFacts,
  };
}

export interface VerificationConnections {
  readonly config: LedgerConfig;
  readonly runtime: AppRuntime;
  /** Calls to the notifications app go over it first. */
  readonly nats: NatsLink | undefined;
}

/** The jobs: new facts at once, everything slowly, and alerts of what any check finds. */
export function verificationJobs(
  parts: VerificationParts,
  connections: VerificationConnections,
): readonly Provider[] {
  const { config, runtime } = connections;
  const { incidents, clock, database } = parts;
  const background = composeVerification(parts);
  const metrics = new NewFactsMetrics(runtime.metrics);
  const outbox = new AlertOutboxRepository(database, clock);
  const alerts = new ReportAlertsHandler(outbox, new RpcAlertReceiver(openAlerts(connections)));
  const settings: IntervalJobSettings[] = [
    walkJob(background, connections),
    {
      name: 'ledger.new-facts',
      intervalMs: config.LEDGER_VERIFY_INTERVAL_MS,
      work: async () => {
        const budgetMs = config.LEDGER_VERIFY_BUDGET_MS;
        metrics.verified(await background.verifyNewFacts.execute({ budgetMs }));
        const summary = await background.newFacts.summary(clock.nowMs());
        metrics.state(summary, await incidents.countOpen());
      },
    },
    {
      name: 'ledger.alerts',
      intervalMs: config.LEDGER_ALERT_INTERVAL_MS,
      work: async () => {
        await alerts.execute();
      },
    },
  ];
  return settings.map((one) => ({
    provide: one.name,
    inject: [SchedulerRegistry],
    useFactory: (scheduler: SchedulerRegistry) => new IntervalJob(one, scheduler, runtime.logger),
  }));
}

function walkJob(
  { continueWalk }: BackgroundVerification,
  { config, runtime }: VerificationConnections,
): IntervalJobSettings {
  const metrics = new VerificationMetrics(runtime.metrics);
  return {
    name: 'ledger.walk',
    intervalMs: config.LEDGER_WALK_INTERVAL_MS,
    work: async () => {
      const schedule = { budgetMs: config.LEDGER_WALK_BUDGET_MS, cycleMs: config.LEDGER_WALK_CYCLE_MS };
      const step = await continueWalk.execute(schedule);
      metrics.count(step);
      if (step.isWalkComplete) runtime.logger.info({}, 'ledger.walk.completed');
    },
  };
}

function openAlerts({ config, runtime, nats }: VerificationConnections): AlertsRpc {
  const address = `${config.NOTIFICATIONS_HOST}:${config.NOTIFICATIONS_GRPC_PORT}`;
  const definition = alertsV1.AlertServiceService;
  const direct = grpcClient(definition, { address, deadlineMs: REPORT_DEADLINE_MS });
  runtime.onClose(() => direct.close());
  if (nats === undefined) return direct;
  return natsFirstRpcClient(nats, definition, { fallback: direct, deadlineMs: REPORT_DEADLINE_MS });
}
