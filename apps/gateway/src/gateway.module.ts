import { Module, type DynamicModule } from '@nestjs/common';
import { balanceV1, ledgerV1 } from '@steelyard/contracts/grpc';
import { HealthModule } from '@steelyard/platform/health';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import { openCallers } from '@steelyard/rest/account-api';
import { ApiKeyReadiness } from '@steelyard/rest/api-keys';
import { RpcBalanceClient, type TurnBatcherLimits } from '@steelyard/rest/balance';
import { RateLimiterPort } from '@steelyard/rest/guard';
import { RpcLedgerClient } from '@steelyard/rest/ledger';
import { AllowedMethods } from '@steelyard/rest/server';
import type { GatewayConfig } from './config.js';
import { composeGateway } from './gateway.composition.js';
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
    const useCases = composeGateway(
      {
        balance: new RpcBalanceClient(balance),
        ledger: new RpcLedgerClient(peers.client('ledger', ledgerV1.LedgerServiceService)),
        reservations: new RpcReservationsClient(balance),
        tables: new RpcTablesClient(balance),
        tokens: callers.tokens,
        apiKeys: callers.apiKeys,
      },
      {
        commandLimits: callLimits(config, COMMANDS_PER_CALL_MAX, peers.callBytesMax),
        readLimits: callLimits(config, ACCOUNTS_PER_CALL_MAX, peers.callBytesMax),
        selfService: config.SELF_SERVICE,
        onTouchFailed: (error) => logger.warn({ error }, 'api-key.touch.failed'),
      },
    );
    const checks = [...peers.checks, new ApiKeyReadiness(callers.apiKeyDatabase)];
    const providers = [
      ...useCases.map((useCase) => ({ provide: useCase.constructor, useValue: useCase })),
      { provide: RateLimiterPort, useValue: callers.rateLimiter },
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
