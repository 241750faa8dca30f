import { isErrorCode, type ErrorCode } from '@steelyard/contracts/errors';
import type { RpcError } from '@steelyard/platform/rpc';
import { refused, type Refused } from '../../application/refused.js';

/** `INVALID_CURSOR: the cursor is malformed`: a peer that knows the code puts it first. */
const CODED_MESSAGE = /^([A-Z_]+): (.*)$/s;

/** The refusal that a peer answered with; undefined when the error is none: a bug, or something unknown. */
export function refusalIn(error: RpcError, notFound: ErrorCode): Refused | undefined {
  const [, code = '', message = ''] = CODED_MESSAGE.exec(error.message) ?? [];
  if (isErrorCode(code)) return refused(code, message, code === 'INVALID_CURSOR' ? 'cursor' : '');
  if (error.status === 'NOT_FOUND') return refused(notFound, error.message);
  if (error.status === 'INVALID_ARGUMENT') return refused('INVALID_REQUEST', error.message);
  return undefined;
}
