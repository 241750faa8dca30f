import { Module, type DynamicModule } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { ledgerV1 } from '@steelyard/contracts/grpc';
import { FactConsumer } from '@steelyard/facts/consumer';
import { grpcController } from '@steelyard/platform/grpc';
import { HealthModule, readinessOfNats } from '@steelyard/platform/health';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import { openNatsLink, servedOverNats } from '@steelyard/platform/messaging';
import { serve, type ServedService } from '@steelyard/platform/rpc';
import type { LedgerConfig } from './config.js';
import { auditJobs, composeAudit } from './audit.composition.js';
import { composeChecks } from './checks.composition.js';
import { composeFacts } from './facts.composition.js';
import { composeIncidents } from './incidents.composition.js';
import { LedgerConnector } from './infrastructure/postgres/ledger-connector.js';
import { LedgerDatabase } from './infrastructure/postgres/ledger-database.js';
import { LedgerReadiness } from './infrastructure/postgres/ledger.readiness.js';
import { SystemClock } from './infrastructure/system-clock.js';
import { composeLedger } from './ledger.composition.js';
import { composeSealing } from './sealing.composition.js';
import { composeStatements } from './statements.composition.js';
import { openReconciliation } from './reconciliation.composition.js';
import { RefusedRpcFilter } from './transport/grpc/refused-rpc.filter.js';
import { ledgerRpcHandlers } from './transport/ledger-rpc-handlers.js';
import { verificationJobs } from './verification.composition.js';

/** The composition root. */
@Module({})
export class LedgerModule {
  /** Connects to NATS when calls are to come over it; the database is waited for in the background. */
  static async register(config: LedgerConfig, runtime: AppRuntime): Promise<DynamicModule> {
    const { logger, metrics } = runtime;
    const database = openDatabase(config, runtime);
    const nats = await openNatsLink(config, runtime);
    const clock = new SystemClock();
    const incidents = composeIncidents(database, clock, runtime);
    const pace = composeChecks(clock, config.LEDGER_CHECK_SLICE_MS, metrics);
    const useCases = composeLedger({ database, clock, incidents: incidents.incidents, pace });
    const facts = composeFacts(database, config, runtime);
    const reconciliation = openReconciliation(
      { database, clock, incidents, pace },
      { config, runtime, nats },
    );
    const sealing = await composeSealing(
      { database, clock, incidents: incidents.incidents },
      config,
      runtime,
    );
    const services: readonly ServedService[] = [
      serve(ledgerV1.LedgerServiceService, ledgerRpcHandlers(useCases)),
      facts.service,
      ...composeAudit(database, clock),
      ...reconciliation.services,
      ...sealing.services,
      ...composeStatements(database, sealing.proveEntry),
    ];
    const verification = { database, clock, incidents: incidents.incidents };
    const checks = [new LedgerReadiness(database), ...readinessOfNats(nats)];
    return {
      module: LedgerModule,
      imports: [
        ScheduleModule.forRoot(),
        HealthModule.register({ app: runtime.name, checks, metrics, logger }),
      ],
      controllers: services.map((service) => grpcController(service, RefusedRpcFilter)),
      providers: [
        { provide: FactConsumer, useValue: facts },
        ...reconciliation.providers,
        ...sealing.jobs,
        ...auditJobs(verification, config, runtime),
        ...verificationJobs(verification, { config, runtime, nats }),
        ...servedOverNats(nats, services, runtime),
      ],
    };
  }
}

function openDatabase(config: LedgerConfig, runtime: AppRuntime): LedgerDatabase {
  const database = new LedgerDatabase();
  const { DATABASE_URL: url, DATABASE_ROLE: role, LEDGER_POOL_SIZE: sizeMax } = config;
  const connection = { url, role, sizeMax };
  const connector = new LedgerConnector(database, connection, runtime.logger);
  runtime.onClose(() => connector.stop());
  connector.start();
  return database;
}
