import type { ServiceDefinition } from '@grpc/grpc-js';
import { Transport, type GrpcOptions } from '@nestjs/microservices';
import { nestDefinition } from '@steelyard/contracts/grpc';
import { KEEPALIVE_TIME_MS, KEEPALIVE_TIMEOUT_MS, MESSAGE_MAX_BYTES } from './channel-options.js';

export { MESSAGE_MAX_BYTES };

export interface GrpcServerSettings {
  /** Generated definitions by full service name: `{ 'steelyard.balance.v1.BalanceService': balanceV1.BalanceServiceService }`. */
  readonly services: Readonly<Record<string, ServiceDefinition>>;
  /** host:port */
  readonly url: string;
}

/**
 * Options for Nest's gRPC transport with the generated codecs: int64 arrives as bigint, and no .proto file is
 * read. Name the service in full in controllers, `@GrpcMethod('steelyard.balance.v1.BalanceService', 'Execute')`,
 * because short names repeat across packages.
 */
export function grpcServer({ services, url }: GrpcServerSettings): GrpcOptions {
  return {
    transport: Transport.GRPC,
    options: {
      url,
      package: [...new Set(Object.keys(services).map(packageOf))],
      packageDefinition: Object.fromEntries(
        Object.entries(services).map(([name, service]) => [name, nestDefinition(service)]),
      ),
      maxReceiveMessageLength: MESSAGE_MAX_BYTES,
      maxSendMessageLength: MESSAGE_MAX_BYTES,
      keepalive: {
        keepaliveTimeMs: KEEPALIVE_TIME_MS,
        keepaliveTimeoutMs: KEEPALIVE_TIMEOUT_MS,
        keepalivePermitWithoutCalls: 1,
      },
      // Calls under way are answered before the server ends.
      gracefulShutdown: true,
    },
  };
}

function packageOf(service: string): string {
  return service.slice(0, service.lastIndexOf('.'));
}
