import { Module, type DynamicModule } from '@nestjs/common';
import {
  alertsV1,
  analyticsV1,
  auditV1,
  balanceV1,
  ledgerV1,
  proofsV1,
  reconciliationV1,
  statementsV1,
} from '@steelyard/contracts/grpc';
import { HealthModule } from '@steelyard/platform/health';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import { openCallers } from '@steelyard/rest/account-api';
import { ApiKeyReadiness } from '@steelyard/rest/api-keys';
import { RpcAuditTrailClient, ShipAuditEventsJob } from '@steelyard/rest/audit';
import { RpcBalanceClient, type TurnBatcherLimits } from '@steelyard/rest/balance';
import { RateLimiterPort } from '@steelyard/rest/guard';
import { RpcLedgerClient } from '@steelyard/rest/ledger';
import { AllowedMethods } from '@steelyard/rest/server';
import type { GatewayConfig } from './config.js';
import { composeGateway } from './gateway.composition.js';
import { RpcAlertsClient } from './infrastructure/rpc/rpc-alerts.client.js';
import { RpcSupplyClient } from './infrastructure/rpc/rpc-supply.client.js';
import { RpcProofsClient } from './infrastructure/rpc/rpc-proofs.client.js';
import { RpcStatementsClient } from './infrastructure/rpc/rpc-statements.client.js';
import { RpcReconciliationClient } from './infrastructure/rpc/rpc-reconciliation.client.js';
import { RpcReservationsClient } from './infrastructure/rpc/rpc-reservations.client.js';
import { RpcTablesClient } from './infrastructure/rpc/rpc-tables.client.js';
import { openPeers } from './peers.js';
import { PUBLIC_CONTROLLERS } from './transport/http/controllers.js';

/** A batch of the public interface is one call. */
const COMMANDS_PER_CALL_MAX = 5_000;
const ACCOUNTS_PER_CALL_MAX = 1_000;

/** The composition root. */
@Module({})
export class GatewayModule {
  static async register(config: GatewayConfig, runtime: AppRuntime): Promise<DynamicModule> {
    const { logger, metrics } = runtime;
    const peers = await openPeers(config, runtime);
    const balance = peers.client('balance', balanceV1.BalanceServiceService);
    const callers = await openCallers(config, runtime, config.GATEWAY_POOL_SIZE);
    const auditTrail = new RpcAuditTrailClient(peers.client('ledger', auditV1.AuditServiceService));
    const useCases = composeGateway(
      {
        balance: new RpcBalanceClient(balance),
        ledger: new RpcLedgerClient(peers.client('ledger', ledgerV1.LedgerServiceService)),
        reservations: new RpcReservationsClient(balance),
        tables: new RpcTablesClient(balance),
        proofs: new RpcProofsClient(peers.client('ledger', proofsV1.ProofServiceService)),
        reconciliation: new RpcReconciliationClient(
          peers.client('ledger', reconciliationV1.ReconciliationServiceService),
        ),
        statements: new RpcStatementsClient(peers.client('ledger', statementsV1.StatementServiceService)),
        alerts: new RpcAlertsClient(peers.client('notifications', alertsV1.AlertServiceService)),
        supply: new RpcSupplyClient(peers.client('analytics', analyticsV1.AnalyticsServiceService)),
        tokens: callers.tokens,
        apiKeys: callers.apiKeys,
        audit: callers.audit,
        auditTrail,
      },
      {
        commandLimits: callLimits(config, COMMANDS_PER_CALL_MAX, peers.callBytesMax),
        readLimits: callLimits(config, ACCOUNTS_PER_CALL_MAX, peers.callBytesMax),
        selfService: config.SELF_SERVICE,
        auditServiceReads: config.AUDIT_SERVICE_READS,
        logger,
      },
    );
    const checks = [...peers.checks, new ApiKeyReadiness(callers.apiKeyDatabase)];
    const providers = [
      ...useCases.map((useCase) => ({ provide: useCase.constructor, useValue: useCase })),
      { provide: RateLimiterPort, useValue: callers.rateLimiter },
      { provide: ShipAuditEventsJob, useValue: callers.shipAuditEvents(auditTrail) },
      AllowedMethods,
    ];
    return {
      module: GatewayModule,
      imports: [HealthModule.register({ app: runtime.name, checks, metrics, logger })],
      controllers: [...PUBLIC_CONTROLLERS],
      providers,
    };
  }
}

function callLimits(config: GatewayConfig, countMax: number, bytesMax: number): TurnBatcherLimits {
  return {
    countMax,
    bytesMax,
    inFlightMax: config.CALLS_IN_FLIGHT_MAX,
    waitingMax: config.COMMANDS_WAITING_MAX,
    waitMaxMs: config.RPC_DEADLINE_MS,
  };
}
