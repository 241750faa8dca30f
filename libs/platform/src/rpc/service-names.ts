import type { RpcDefinition } from './rpc.types.js';

/** The codecs of a method whose message types are known only where it is called. */
export interface UntypedCodec {
  readonly path: string;
  readonly requestSerialize: (value: unknown) => Buffer;
  readonly requestDeserialize: (value: Buffer) => unknown;
  readonly responseSerialize: (value: unknown) => Buffer;
  readonly responseDeserialize: (value: Buffer) => unknown;
}

/** The method's codecs. @throws TypeError when the definition has no such method. */
export function codecOf(definition: RpcDefinition, name: string): UntypedCodec {
  const method = definition[name];
  if (!method) throw new TypeError(`the service has no method ${name}`);
  // The typed interfaces (RpcClient, RpcHandlers) have made sure that the message fits the method.
  return method as unknown as UntypedCodec;
}

/** `steelyard.balance.v1.BalanceService.Execute`: the name of a method in logs and as a NATS subject. */
export function methodName(path: string): string {
  return path.slice(1).replace('/', '.');
}

/** `steelyard.balance.v1.BalanceService`. */
export function serviceName(definition: RpcDefinition): string {
  const [first] = Object.values(definition);
  const name = first?.path.split('/')[1];
  if (!name) throw new TypeError('the service definition has no methods');
  return name;
}

/** Names of the methods that take one message and give one. */
export function unaryMethodNames(definition: RpcDefinition): string[] {
  return Object.entries(definition)
    .filter(([, method]) => !method.requestStream && !method.responseStream)
    .map(([name]) => name);
}
