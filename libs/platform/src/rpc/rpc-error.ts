import { OutageError } from '../outage/index.js';

/** Names of gRPC's status codes, which every transport of ours uses. */
export const RPC_STATUSES = [
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

export type RpcStatus = (typeof RPC_STATUSES)[number];

/** The peer did not do the work, or could not say whether it did: only an idempotent retry helps. */
const OUTAGE_STATUSES: ReadonlySet<RpcStatus> = new Set(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'CANCELLED']);

/** A call that was answered with an error. Handlers throw it, clients receive it. The message is for the peer. */
export class RpcError extends Error {
  override readonly name = 'RpcError';

  constructor(
    readonly status: RpcStatus,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export function isRpcStatus(name: unknown): name is RpcStatus {
  return RPC_STATUSES.some((status) => status === name);
}

/** What a peer said instead of an answer. */
export interface RpcFailure {
  readonly status: RpcStatus;
  readonly message: string;
}

/** The error that a client throws for a failure: OutageError for what may pass, else RpcError. */
export function rpcErrorFor(method: string, { status, message }: RpcFailure, cause?: unknown): Error {
  const options = cause === undefined ? undefined : { cause };
  return OUTAGE_STATUSES.has(status)
    ? new OutageError(`${method}: ${status}: ${message}`, options)
    : new RpcError(status, message, options);
}
