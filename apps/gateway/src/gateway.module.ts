import { Module, type DynamicModule } from '@nestjs/common';
import { balanceV1, ledgerV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import {
  GrpcPeerReadiness,
  HealthModule,
  NatsReadiness,
  type ReadinessCheck,
} from '@steelyard/platform/health';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import { connectNats, natsFirstRpcClient, NatsLink, natsRpcClient } from '@steelyard/platform/messaging';
import { openCallers } from '@steelyard/rest/account-api';
import { ApiKeyReadiness } from '@steelyard/rest/api-keys';
import { RpcBalanceClient, type BalanceRpc, type TurnBatcherLimits } from '@steelyard/rest/balance';
import { RateLimiterPort } from '@steelyard/rest/guard';
import { RpcLedgerClient, type LedgerRpc } from '@steelyard/rest/ledger';
import { AllowedMethods } from '@steelyard/rest/server';
import type { GatewayConfig } from './config.js';
import { composeGateway } from './gateway.composition.js';
import { RpcReservationsClient } from './infrastructure/rpc/rpc-reservations.client.js';
import { RpcTablesClient } from './infrastructure/rpc/rpc-tables.client.js';
import { PUBLIC_CONTROLLERS } from './transport/http/controllers.js';

/** A NATS server that is started together with the apps is up by then. */
const NATS_WAIT_MS = 30_000;
/** A batch of the public interface is one call. */
const COMMANDS_PER_CALL_MAX = 5_000;
/** Half of what gRPC carries here; the estimate is on the safe side by itself. */
const GRPC_CALL_BYTES_MAX = 8 * 1024 * 1024;
/** Answers are larger than commands, and NATS carries 1 MiB unless it is told otherwise. */
const NATS_CALL_BYTES_MAX = 512 * 1024;
const ACCOUNTS_PER_CALL_MAX = 1_000;

/** The two apps behind the gateway, over whichever transport, and how to know that they are there. */
interface Peers {
  readonly balance: BalanceRpc;
  readonly ledger: LedgerRpc;
  readonly checks: readonly ReadinessCheck[];
  readonly callBytesMax: number;
}

/** The composition root. */
@Module({})
export class GatewayModule {
  static async register(config: GatewayConfig, runtime: AppRuntime): Promise<DynamicModule> {
    const { logger, metrics } = runtime;
    const peers = await openPeers(config, runtime);
    const callers = await openCallers(config, runtime, config.GATEWAY_POOL_SIZE);
    const useCases = composeGateway(
      {
        balance: new RpcBalanceClient(peers.balance),
        ledger: new RpcLedgerClient(peers.ledger),
        reservations: new RpcReservationsClient(peers.balance),
        tables: new RpcTablesClient(peers.balance),
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

async function openPeers(config: GatewayConfig, runtime: AppRuntime): Promise<Peers> {
  const { TRANSPORT, NATS_URL, RPC_FALLBACK } = config;
  if (TRANSPORT !== 'nats' || NATS_URL === undefined) return openGrpcPeers(config, runtime);
  return RPC_FALLBACK === 'grpc'
    ? openNatsFirstPeers(NATS_URL, config, runtime)
    : openNatsPeers(NATS_URL, config, runtime);
}

function openGrpcPeers(config: GatewayConfig, runtime: AppRuntime): Peers {
  const deadlineMs = config.RPC_DEADLINE_MS;
  const balanceAddress = `${config.BALANCE_HOST}:${config.BALANCE_GRPC_PORT}`;
  const ledgerAddress = `${config.LEDGER_HOST}:${config.LEDGER_GRPC_PORT}`;
  const balance = grpcClient(balanceV1.BalanceServiceService, { address: balanceAddress, deadlineMs });
  const ledger = grpcClient(ledgerV1.LedgerServiceService, { address: ledgerAddress, deadlineMs });
  runtime.onClose(() => balance.close());
  runtime.onClose(() => ledger.close());
  const checks = [
    new GrpcPeerReadiness('balance', balanceAddress),
    new GrpcPeerReadiness('ledger', ledgerAddress),
  ];
  return { balance, ledger, checks, callBytesMax: GRPC_CALL_BYTES_MAX };
}

async function openNatsPeers(url: string, config: GatewayConfig, runtime: AppRuntime): Promise<Peers> {
  const deadlineMs = config.RPC_DEADLINE_MS;
  const connection = await connectNats(url, runtime.name, { waitMs: NATS_WAIT_MS });
  runtime.onClose(() => connection.drain());
  return {
    balance: natsRpcClient(connection, balanceV1.BalanceServiceService, { deadlineMs }),
    ledger: natsRpcClient(connection, ledgerV1.LedgerServiceService, { deadlineMs }),
    checks: [new NatsReadiness(connection)],
    callBytesMax: NATS_CALL_BYTES_MAX,
  };
}

/** The app is ready when its peers can be reached over gRPC, whether NATS is there or not. */
async function openNatsFirstPeers(url: string, config: GatewayConfig, runtime: AppRuntime): Promise<Peers> {
  const deadlineMs = config.RPC_DEADLINE_MS;
  const direct = openGrpcPeers(config, runtime);
  const link = await NatsLink.open(url, { name: runtime.name, logger: runtime.logger, isOptional: true });
  runtime.onClose(() => link.close());
  const { BalanceServiceService: balance } = balanceV1;
  const { LedgerServiceService: ledger } = ledgerV1;
  return {
    balance: natsFirstRpcClient(link, balance, { fallback: direct.balance, deadlineMs }),
    ledger: natsFirstRpcClient(link, ledger, { fallback: direct.ledger, deadlineMs }),
    checks: direct.checks,
    callBytesMax: NATS_CALL_BYTES_MAX,
  };
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
