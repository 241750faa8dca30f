import { ERROR_TABLE } from '@steelyard/contracts/errors';
import { RpcError } from '@steelyard/platform/rpc';
import { isReadRefusal, type ReadRefusal, type ReadRefusalCode } from '../application/read-refusal.js';

/** A refusal on its way to the peer. The code leads the message, so that it survives every transport. */
export class RefusedRpcError extends RpcError {
  readonly code: ReadRefusalCode;

  constructor(refusal: ReadRefusal) {
    super(ERROR_TABLE[refusal.code].grpcStatus, `${refusal.code}: ${refusal.message}`);
    this.code = refusal.code;
  }
}

/** The result when it is not a refusal. Throws {@link RefusedRpcError} when it is. */
export function granted<Result>(result: Result | ReadRefusal): Result {
  if (isReadRefusal(result)) throw new RefusedRpcError(result);
  return result;
}
