import { ERROR_TABLE, type ErrorCode } from '@steelyard/contracts/errors';
import { isRefusal, type Refusal } from '@steelyard/domain/result';
import { RpcError } from '@steelyard/platform/rpc';

/** A read that cannot be granted, on its way to the peer. The code leads the message: so every transport keeps it. */
export class RefusedRpcError extends RpcError {
  constructor(code: ErrorCode, message: string) {
    super(ERROR_TABLE[code].grpcStatus, `${code}: ${message}`);
  }
}

/** The result when it is not a refusal. Throws {@link RefusedRpcError} when it is. */
export function granted<Result>(result: Result | Refusal): Result {
  if (isRefusal(result)) throw new RefusedRpcError(result.code, result.message);
  return result;
}
