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
import { connectNats, natsRpcClient } from '@steelyard/platform/messaging';
import { Redis } from 'ioredis';
import { RateLimiterPort } from './application/ports/rate-limiter.port.js';
import type { TurnBatcherLimits } from './application/dispatch/turn-batcher.js';
import { NO_ROLE, type GatewayConfig } from './config.js';
import { composeGateway } from './gateway.composition.js';
import { developmentSecret } from './infrastructure/auth/development-secret.js';
import { JwtTokenVerifier } from './infrastructure/auth/jwt-token-verifier.js';
import { RemoteKeys } from './infrastructure/auth/remote-keys.js';
import { ApiKeyDatabase } from './infrastructure/postgres/api-key-database.js';
import { ApiKeyReadiness } from './infrastructure/postgres/api-key.readiness.js';
import { ApiKeyRepository } from './infrastructure/postgres/api-key.repository.js';
import { CallerRateLimiter } from './infrastructure/rate-limit/rate-limiter.js';
import { RpcBalanceClient, type BalanceRpc } from './infrastructure/rpc/rpc-balance.client.js';
import { RpcLedgerClient, type LedgerRpc } from './infrastructure/rpc/rpc-ledger.client.js';
import { PUBLIC_CONTROLLERS } from './transport/http/controllers.js';
import { AllowedMethods } from './transport/http/server/allowed-methods.js';

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
    const database = openDatabase(config, runtime);
    const useCases = composeGateway(
      {
        balance: new RpcBalanceClient(peers.balance),
        ledger: new RpcLedgerClient(peers.ledger),
        tokens: await tokenVerifier(config),
        apiKeys: new ApiKeyRepository(database),
      },
      {
        commandLimits: callLimits(config, COMMANDS_PER_CALL_MAX, peers.callBytesMax),
        readLimits: callLimits(config, ACCOUNTS_PER_CALL_MAX, peers.callBytesMax),
        selfService: config.SELF_SERVICE,
        onTouchFailed: (error) => logger.warn({ error }, 'api-key.touch.failed'),
      },
    );
    const checks = [...peers.checks, new ApiKeyReadiness(database)];
    const providers = [
      ...useCases.map((useCase) => ({ provide: useCase.constructor, useValue: useCase })),
      { provide: RateLimiterPort, useValue: rateLimiter(config, runtime) },
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
  return config.TRANSPORT === 'nats' && config.NATS_URL !== undefined
    ? openNatsPeers(config.NATS_URL, config, runtime)
    : openGrpcPeers(config, runtime);
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

function openDatabase(config: GatewayConfig, runtime: AppRuntime): ApiKeyDatabase {
  const role = config.DATABASE_ROLE === NO_ROLE ? undefined : config.DATABASE_ROLE;
  const settings = { url: config.DATABASE_URL, role, sizeMax: config.GATEWAY_POOL_SIZE };
  const database = new ApiKeyDatabase(settings, runtime.logger);
  runtime.onClose(() => database.stop());
  database.start();
  return database;
}

async function tokenVerifier(config: GatewayConfig): Promise<JwtTokenVerifier> {
  const { JWT_HS256_SECRET, JWT_JWKS_URL, JWT_PUBLIC_KEY } = config;
  const isConfigured = [JWT_HS256_SECRET, JWT_JWKS_URL, JWT_PUBLIC_KEY].some((key) => key !== undefined);
  const secret = isConfigured ? JWT_HS256_SECRET : await developmentSecret(config.DATA_DIR);
  return new JwtTokenVerifier(
    {
      ...(secret === undefined ? {} : { secret }),
      ...(JWT_PUBLIC_KEY === undefined ? {} : { publicKeyPem: JWT_PUBLIC_KEY }),
      ...(JWT_JWKS_URL === undefined ? {} : { remote: new RemoteKeys(new URL(JWT_JWKS_URL)) }),
    },
    {
      requiresExpiry: config.JWT_REQUIRE_EXP || config.NODE_ENV === 'production',
      issuer: config.JWT_ISSUER,
      audience: config.JWT_AUDIENCE,
    },
  );
}

function rateLimiter(config: GatewayConfig, runtime: AppRuntime): CallerRateLimiter {
  if (config.REDIS_URL === undefined) return new CallerRateLimiter(config.RATE_LIMIT_PER_SECOND);
  // A command is not held back while Redis is away: the limiter in memory takes over at once.
  const redis = new Redis(config.REDIS_URL, { enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  redis.on('error', (error) => runtime.logger.debug({ error }, 'redis.away'));
  runtime.onClose(async () => redis.disconnect());
  return new CallerRateLimiter(config.RATE_LIMIT_PER_SECOND, redis);
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
