import type { Command } from 'commander';
import { usageError } from '../cli-error.js';

const PORT_DEFAULT = '50051';
const ADDRESS = /^[^\s:/]+:[0-9]{1,5}$/;

/** As commander hands them over. */
export interface GrpcFlags {
  readonly grpc?: string;
}

/** Adds the option that says where the balance service listens for gRPC. */
export function withGrpc(command: Command): Command {
  return command.option(
    '--grpc <host:port>',
    'gRPC address of the balance service (default: STEELYARD_GRPC, else 127.0.0.1:$BALANCE_GRPC_PORT)',
  );
}

/** host:port, from flags or environment. */
export function grpcAddress(flags: GrpcFlags, environment: NodeJS.ProcessEnv): string {
  const fallback = `127.0.0.1:${environment['BALANCE_GRPC_PORT'] ?? PORT_DEFAULT}`;
  const address = flags.grpc ?? environment['STEELYARD_GRPC'] ?? fallback;
  if (ADDRESS.test(address)) return address;
  throw usageError(`"${address}" is not an address such as ${fallback}: check --grpc and STEELYARD_GRPC`);
}
