import { grpcClient } from '@steelyard/platform/grpc';
import { GrpcPeerReadiness, NatsReadiness, type ReadinessCheck } from '@steelyard/platform/health';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import { connectNats, natsFirstRpcClient, NatsLink, natsRpcClient } from '@steelyard/platform/messaging';
import type { RpcClient, RpcDefinition } from '@steelyard/platform/rpc';
import type { GatewayConfig } from './config.js';

/** A NATS server that is started together with the apps is up by then. */
const NATS_WAIT_MS = 30_000;
/** Half of what gRPC carries here; the estimate is on the safe side by itself. */
const GRPC_CALL_BYTES_MAX = 8 * 1024 * 1024;
/** Answers are larger than commands, and NATS carries 1 MiB unless it is told otherwise. */
const NATS_CALL_BYTES_MAX = 512 * 1024;

/** An app behind the gateway. */
export type PeerName = 'balance' | 'ledger' | 'notifications' | 'analytics';

/** The apps behind the gateway, over whichever transport, and how to know that they are there. */
export interface Peers {
  /** A client for a service of an app; closed with the gateway. */
  readonly client: <Definition extends RpcDefinition>(
    peer: PeerName,
    definition: Definition,
  ) => RpcClient<Definition>;
  /** Without the apps that hold balances and history the gateway is not ready. */
  readonly checks: readonly ReadinessCheck[];
  readonly callBytesMax: number;
}

/** Opens what the configuration asks for. @throws OutageError when NATS is required and does not come up. */
export async function openPeers(config: GatewayConfig, runtime: AppRuntime): Promise<Peers> {
  const { TRANSPORT, NATS_URL, RPC_FALLBACK } = config;
  if (TRANSPORT !== 'nats' || NATS_URL === undefined) return grpcPeers(config, runtime);
  return RPC_FALLBACK === 'grpc'
    ? natsFirstPeers(NATS_URL, config, runtime)
    : natsPeers(NATS_URL, config, runtime);
}

function grpcPeers(config: GatewayConfig, runtime: AppRuntime): Peers {
  const addresses: Readonly<Record<PeerName, string>> = {
    balance: `${config.BALANCE_HOST}:${config.BALANCE_GRPC_PORT}`,
    ledger: `${config.LEDGER_HOST}:${config.LEDGER_GRPC_PORT}`,
    notifications: `${config.NOTIFICATIONS_HOST}:${config.NOTIFICATIONS_GRPC_PORT}`,
    analytics: `${config.ANALYTICS_HOST}:${config.ANALYTICS_GRPC_PORT}`,
  };
  return {
    client: (peer, definition) => {
      const client = grpcClient(definition, {
        address: addresses[peer],
        deadlineMs: config.RPC_DEADLINE_MS,
      });
      runtime.onClose(() => client.close());
      return client;
    },
    checks: [
      new GrpcPeerReadiness('balance', addresses.balance),
      new GrpcPeerReadiness('ledger', addresses.ledger),
    ],
    callBytesMax: GRPC_CALL_BYTES_MAX,
  };
}

async function natsPeers(url: string, config: GatewayConfig, runtime: AppRuntime): Promise<Peers> {
  const deadlineMs = config.RPC_DEADLINE_MS;
  const connection = await connectNats(url, runtime.name, { waitMs: NATS_WAIT_MS });
  runtime.onClose(() => connection.drain());
  return {
    client: (_peer, definition) => natsRpcClient(connection, definition, { deadlineMs }),
    checks: [new NatsReadiness(connection)],
    callBytesMax: NATS_CALL_BYTES_MAX,
  };
}

/** The app is ready when its peers can be reached over gRPC, whether NATS is there or not. */
async function natsFirstPeers(url: string, config: GatewayConfig, runtime: AppRuntime): Promise<Peers> {
  const deadlineMs = config.RPC_DEADLINE_MS;
  const direct = grpcPeers(config, runtime);
  const link = await NatsLink.open(url, { name: runtime.name, logger: runtime.logger, isOptional: true });
  runtime.onClose(() => link.close());
  return {
    client: (peer, definition) =>
      natsFirstRpcClient(link, definition, { fallback: direct.client(peer, definition), deadlineMs }),
    checks: direct.checks,
    callBytesMax: NATS_CALL_BYTES_MAX,
  };
}
