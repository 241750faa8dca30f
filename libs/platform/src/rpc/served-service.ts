import type { RpcDefinition, RpcHandlers } from './rpc.types.js';

/** A service and what answers its calls, for whichever transport serves it. */
export interface ServedService {
  readonly definition: RpcDefinition;
  readonly handlers: Readonly<Record<string, (request: unknown) => Promise<unknown>>>;
}

/** Puts a service together with its handlers; the compiler checks that each fits its method. */
export function serve<Definition extends RpcDefinition>(
  definition: Definition,
  handlers: RpcHandlers<Definition>,
): ServedService {
  // From here on messages are opaque: the transports' codecs know what they are.
  return { definition, handlers: handlers as unknown as ServedService['handlers'] };
}
