import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { isRpcStatus, type RpcFailure, type RpcStatus } from '../rpc/index.js';

const STATUS_HEADER = 'x-rpc-status';
const MESSAGE_HEADER = 'x-rpc-message';

/** What a failed call is answered with; header values are one line of ASCII, so the message is percent-encoded. */
export function failureHeaders(status: RpcStatus, message: string): MsgHdrs {
  const failure = headers();
  failure.set(STATUS_HEADER, status);
  failure.set(MESSAGE_HEADER, encodeURIComponent(message));
  return failure;
}

/** The failure that an answer reports, or undefined when it is a success. */
export function failureIn(answer: MsgHdrs | undefined): RpcFailure | undefined {
  if (!answer?.has(STATUS_HEADER)) return undefined;
  const status = answer.get(STATUS_HEADER);
  return {
    status: isRpcStatus(status) ? status : 'UNKNOWN',
    message: decodeURIComponent(answer.get(MESSAGE_HEADER)),
  };
}
