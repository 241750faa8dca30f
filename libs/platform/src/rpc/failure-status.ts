import type { Logger } from '../observability/index.js';
import { OutageError } from '../outage/index.js';
import { RpcError, type RpcFailure } from './rpc-error.js';

/** What a peer is told about a failed call. Outages and bugs are logged here, which is where they are handled. */
export function statusOfFailure(failure: unknown, logger: Logger): RpcFailure {
  if (failure instanceof RpcError) return failure;
  if (failure instanceof OutageError) {
    logger.warn({ error: failure }, 'rpc.outage');
    return { status: 'UNAVAILABLE', message: 'temporarily unavailable' };
  }
  logger.error({ error: failure }, 'rpc.failed');
  return { status: 'INTERNAL', message: 'something went wrong on our side' };
}
