import { Controller, UseFilters, type ExceptionFilter, type Type } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { serviceName, unaryMethodNames, type ServedService } from '../rpc/index.js';

/**
 * A Nest controller that serves the unary methods of a service over gRPC: each is answered by the handler of the
 * same name. `filters` turn what handlers throw into statuses.
 *
 * @throws TypeError when a method has no handler.
 */
export function grpcController(
  { definition, handlers }: ServedService,
  ...filters: readonly Type<ExceptionFilter>[]
): Type<object> {
  @Controller()
  class GrpcServiceController {}
  const service = serviceName(definition);
  for (const name of unaryMethodNames(definition)) {
    const handler = handlers[name];
    if (!handler) throw new TypeError(`no handler for ${service}.${name}`);
    const descriptor = { value: handler.bind(handlers), configurable: true, writable: true };
    Object.defineProperty(GrpcServiceController.prototype, name, descriptor);
    const method = name.charAt(0).toUpperCase() + name.slice(1);
    GrpcMethod(service, method)(GrpcServiceController.prototype, name, descriptor);
  }
  if (filters.length > 0) UseFilters(...filters)(GrpcServiceController);
  return GrpcServiceController;
}
