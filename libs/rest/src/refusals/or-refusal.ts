import { isErrorCode, type ErrorCode } from '@steelyard/contracts/errors';
import { RpcError } from '@steelyard/platform/rpc';
import { refused, type Refused } from './refused.js';

/** `INVALID_CURSOR: the cursor is malformed`: a peer that knows the code puts it first. */
const CODED_MESSAGE = /^([A-Z_]+): (.*)$/s;

/**
 * What a peer answers to a read, a refusal as a value. Throws an outage when it does not answer.
 *
 * @param notFound what NOT_FOUND means for this read
 */
export async function orRefusal<Result>(
  notFound: ErrorCode,
  work: () => Promise<Result>,
): Promise<Result | Refused> {
  try {
    return await work();
  } catch (error) {
    const refusal = error instanceof RpcError ? refusalIn(error, notFound) : undefined;
    if (refusal) return refusal;
    throw error;
  }
}

/** The refusal that a peer answered with; undefined when the error is none: a bug, or something unknown. */
function refusalIn(error: RpcError, notFound: ErrorCode): Refused | undefined {
  const [, code = '', message = ''] = CODED_MESSAGE.exec(error.message) ?? [];
  if (isErrorCode(code)) return refused(code, message, code === 'INVALID_CURSOR' ? 'cursor' : '');
  if (error.status === 'NOT_FOUND') return refused(notFound, error.message);
  if (error.status === 'INVALID_ARGUMENT') return refused('INVALID_REQUEST', error.message);
  return undefined;
}
