export { grpcServer, MESSAGE_MAX_BYTES, type GrpcServerSettings } from './grpc-server.js';
export { grpcClient, type GrpcClientSettings } from './grpc-client.js';
export { grpcController } from './grpc-controller.js';
export { servicesByName } from './services-by-name.js';
export { CorrelationInterceptor } from './correlation.interceptor.js';
export { RpcErrorFilter } from './rpc-error.filter.js';
