import type { Provider, Type } from '@nestjs/common';
import { auditV1, ledgerV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import type { RpcClient, RpcDefinition } from '@steelyard/platform/rpc';
import { ACCOUNT_CONTROLLERS, composeAccountApi, openCallers } from '@steelyard/rest/account-api';
import { RpcAuditTrailClient, ShipAuditEventsJob } from '@steelyard/rest/audit';
import type { TurnBatcherLimits } from '@steelyard/rest/balance';
import { RateLimiterPort } from '@steelyard/rest/guard';
import { RpcLedgerClient } from '@steelyard/rest/ledger';
import { AllowedMethods } from '@steelyard/rest/server';
import type { BalanceConfig } from './config.js';
import type { BalanceRpcHandlers } from './transport/balance-rpc-handlers.js';
import { InProcessBalance } from './transport/http/in-process-balance.js';

/** API keys are read rarely, thanks to the cache before them. */
const API_KEY_POOL_SIZE = 2;
/** What the handlers take at once; in this process no message has a size. */
const COMMANDS_PER_CALL_MAX = 5_000;
const ACCOUNTS_PER_CALL_MAX = 1_000;
/** The posting engine does its own queueing: these only bound what waits before it. */
const CALLS_IN_FLIGHT_MAX = 64;
const WAITING_MAX = 20_000;
/** A page of history takes milliseconds; a ledger that is away should not be noticed for long. */
const LEDGER_DEADLINE_MS = 5_000;

/** What serves the account API on the app's own HTTP port. */
export interface ComposedHttp {
  readonly controllers: readonly Type<object>[];
  readonly providers: readonly Provider[];
}

/**
 * The account API of the gateway for back ends that call this app directly: the same paths, tokens and keys.
 * Commands and reads go to the handlers of this process. Lists of transactions and entries, and balances of the
 * past, come from the ledger app: without it only they are unavailable, and this app stays ready.
 */
export async function composeHttp(
  handlers: BalanceRpcHandlers,
  config: BalanceConfig,
  runtime: AppRuntime,
): Promise<ComposedHttp> {
  const { logger } = runtime;
  const callers = await openCallers(config, runtime, API_KEY_POOL_SIZE);
  const auditTrail = new RpcAuditTrailClient(openLedger(auditV1.AuditServiceService, config, runtime));
  const { useCases } = composeAccountApi(
    {
      balance: new InProcessBalance(handlers),
      ledger: new RpcLedgerClient(openLedger(ledgerV1.LedgerServiceService, config, runtime)),
      tokens: callers.tokens,
      apiKeys: callers.apiKeys,
      audit: callers.audit,
    },
    {
      commandLimits: callLimits(config, COMMANDS_PER_CALL_MAX),
      readLimits: callLimits(config, ACCOUNTS_PER_CALL_MAX),
      selfService: config.SELF_SERVICE,
      auditServiceReads: config.AUDIT_SERVICE_READS,
      logger,
    },
  );
  return {
    controllers: ACCOUNT_CONTROLLERS,
    providers: [
      ...useCases.map((useCase) => ({ provide: useCase.constructor, useValue: useCase })),
      { provide: RateLimiterPort, useValue: callers.rateLimiter },
      { provide: ShipAuditEventsJob, useValue: callers.shipAuditEvents(auditTrail) },
      AllowedMethods,
    ],
  };
}

/** A client of one of the ledger app's services, closed with this app. */
function openLedger<Definition extends RpcDefinition>(
  definition: Definition,
  config: BalanceConfig,
  runtime: AppRuntime,
): RpcClient<Definition> {
  const address = `${config.LEDGER_HOST}:${config.LEDGER_GRPC_PORT}`;
  const client = grpcClient(definition, { address, deadlineMs: LEDGER_DEADLINE_MS });
  runtime.onClose(() => client.close());
  return client;
}

function callLimits(config: BalanceConfig, countMax: number): TurnBatcherLimits {
  return {
    countMax,
    bytesMax: Number.MAX_SAFE_INTEGER,
    inFlightMax: CALLS_IN_FLIGHT_MAX,
    waitingMax: WAITING_MAX,
    waitMaxMs: config.BALANCE_COMMAND_DEADLINE_MS,
  };
}
