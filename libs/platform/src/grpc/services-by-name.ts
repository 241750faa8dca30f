import type { ServiceDefinition } from '@grpc/grpc-js';
import { serviceName, type RpcDefinition } from '../rpc/index.js';

/** Generated definitions under their full names, as a gRPC server wants them. */
export function servicesByName(
  ...definitions: readonly (ServiceDefinition & RpcDefinition)[]
): Readonly<Record<string, ServiceDefinition>> {
  return Object.fromEntries(definitions.map((definition) => [serviceName(definition), definition]));
}
