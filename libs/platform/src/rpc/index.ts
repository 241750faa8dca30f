export type {
  CallOptions,
  RequestOf,
  ResponseOf,
  RpcClient,
  RpcDefinition,
  RpcHandlers,
  RpcMethod,
  UnaryMethodName,
} from './rpc.types.js';
export {
  RPC_STATUSES,
  RpcError,
  isRpcStatus,
  rpcErrorFor,
  type RpcFailure,
  type RpcStatus,
} from './rpc-error.js';
export { serve, type ServedService } from './served-service.js';
export { RequestTooLargeError } from './request-too-large-error.js';
export { codecOf, methodName, serviceName, unaryMethodNames, type UntypedCodec } from './service-names.js';
