import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { CORRELATION_HEADER, currentCorrelationId } from '../observability/index.js';
import {
  codecOf,
  isRpcStatus,
  methodName,
  RequestTooLargeError,
  rpcErrorFor,
  type CallOptions,
  type RpcClient,
  type RpcDefinition,
} from '../rpc/index.js';
import { KEEPALIVE_TIME_MS, KEEPALIVE_TIMEOUT_MS, MESSAGE_MAX_BYTES } from './channel-options.js';

export interface GrpcClientSettings {
  /** host:port */
  readonly address: string;
  /** How long a call may take unless it says otherwise. */
  readonly deadlineMs: number;
}

const RECONNECT_DELAY_MIN_MS = 100;
const RECONNECT_DELAY_MAX_MS = 2_000;

const asBytes = (bytes: Buffer): Buffer => bytes;

/** A client of one service of another process, over one connection that is restored when it breaks. */
export function grpcClient<Definition extends RpcDefinition>(
  definition: Definition,
  { address, deadlineMs }: GrpcClientSettings,
): RpcClient<Definition> {
  const client = new Client(address, credentials.createInsecure(), channelOptions());
  const call = (name: string, request: unknown, options: CallOptions = {}) => {
    const codec = codecOf(definition, name);
    const bytes = codec.requestSerialize(request);
    if (bytes.length > MESSAGE_MAX_BYTES) {
      return Promise.reject(
        new RequestTooLargeError(methodName(codec.path), bytes.length, MESSAGE_MAX_BYTES),
      );
    }
    const deadline = Date.now() + (options.deadlineMs ?? deadlineMs);
    return unary(client, { path: codec.path, bytes, deadline }).then(codec.responseDeserialize);
  };
  return {
    // One untyped function serves all methods; RpcClient's signature has checked the pair of name and request.
    call: call as unknown as RpcClient<Definition>['call'],
    close: async () => client.close(),
  };
}

interface UnaryCall {
  readonly path: string;
  readonly bytes: Buffer;
  /** Milliseconds since 1970. */
  readonly deadline: number;
}

function unary(client: Client, { path, bytes, deadline }: UnaryCall): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      asBytes,
      asBytes,
      bytes,
      correlationMetadata(),
      { deadline },
      (error, response) => {
        if (error) reject(failureOf(path, error));
        else if (response) resolve(response);
        else reject(new Error(`${methodName(path)}: neither an error nor an answer`));
      },
    );
  });
}

function correlationMetadata(): Metadata {
  const metadata = new Metadata();
  const correlationId = currentCorrelationId();
  if (correlationId !== undefined) metadata.set(CORRELATION_HEADER, correlationId);
  return metadata;
}

function failureOf(path: string, error: ServiceError): Error {
  const name = status[error.code];
  const failure = { status: isRpcStatus(name) ? name : ('UNKNOWN' as const), message: error.details };
  return rpcErrorFor(methodName(path), failure, error);
}

function channelOptions() {
  return {
    'grpc.max_receive_message_length': MESSAGE_MAX_BYTES,
    'grpc.max_send_message_length': MESSAGE_MAX_BYTES,
    'grpc.keepalive_time_ms': KEEPALIVE_TIME_MS,
    'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
    'grpc.keepalive_permit_without_calls': 1,
    'grpc.initial_reconnect_backoff_ms': RECONNECT_DELAY_MIN_MS,
    'grpc.max_reconnect_backoff_ms': RECONNECT_DELAY_MAX_MS,
    // Peers are our own processes: no proxy of the environment, no configuration from DNS.
    'grpc.enable_http_proxy': 0,
    'grpc.service_config_disable_resolution': 1,
  };
}
