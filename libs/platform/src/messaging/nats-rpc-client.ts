import { errors, headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { CORRELATION_HEADER, currentCorrelationId } from '../observability/index.js';
import {
  codecOf,
  methodName,
  RequestTooLargeError,
  rpcErrorFor,
  type CallOptions,
  type RpcClient,
  type RpcDefinition,
} from '../rpc/index.js';
import { NoAnswerError } from './no-answer-error.js';
import { failureIn } from './rpc-headers.js';

/** A client of one service over NATS. It does not own the connection: closing the client leaves it open. */
export function natsRpcClient<Definition extends RpcDefinition>(
  connection: NatsConnection,
  definition: Definition,
  { deadlineMs }: { readonly deadlineMs: number },
): RpcClient<Definition> {
  const call = async (name: string, request: unknown, options: CallOptions = {}): Promise<unknown> => {
    const codec = codecOf(definition, name);
    const subject = methodName(codec.path);
    const bytes = codec.requestSerialize(request);
    const sizeMaxBytes = connection.info?.max_payload ?? Infinity;
    if (bytes.length > sizeMaxBytes) throw new RequestTooLargeError(subject, bytes.length, sizeMaxBytes);
    const answer = await ask(connection, { subject, bytes, timeoutMs: options.deadlineMs ?? deadlineMs });
    const failure = failureIn(answer.headers);
    if (failure) throw rpcErrorFor(subject, failure);
    return codec.responseDeserialize(Buffer.from(answer.data));
  };
  return {
    // One untyped function serves all methods; RpcClient's signature has checked the pair of name and request.
    call: call as unknown as RpcClient<Definition>['call'],
    close: async () => undefined,
  };
}

interface Question {
  readonly subject: string;
  readonly bytes: Buffer;
  readonly timeoutMs: number;
}

// Size is checked before; what is left to fail is the way there and back: no responders, deadline, connection.
async function ask(connection: NatsConnection, { subject, bytes, timeoutMs }: Question): Promise<Msg> {
  try {
    return await connection.request(subject, bytes, { timeout: timeoutMs, headers: correlationHeaders() });
  } catch (error) {
    throw new NoAnswerError(subject, error instanceof errors.TimeoutError, { cause: error });
  }
}

function correlationHeaders() {
  const sent = headers();
  const correlationId = currentCorrelationId();
  if (correlationId !== undefined) sent.set(CORRELATION_HEADER, correlationId);
  return sent;
}
