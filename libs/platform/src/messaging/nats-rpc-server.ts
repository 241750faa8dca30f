import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import {
  acceptCorrelationId,
  CORRELATION_HEADER,
  withCorrelationId,
  type Logger,
} from '../observability/index.js';
import {
  codecOf,
  methodName,
  RpcError,
  unaryMethodNames,
  type RpcDefinition,
  type RpcHandlers,
  type UntypedCodec,
} from '../rpc/index.js';
import { statusOfFailure } from '../rpc/failure-status.js';
import { failureHeaders } from './rpc-headers.js';

export interface NatsRpcServerSettings {
  /** Processes in the same queue share the calls. */
  readonly queue: string;
  readonly logger: Logger;
  /** Calls handled at once; those beyond are told to come later. Default 4096. */
  readonly callsMax?: number;
}

/** Serves one service over NATS until it is closed. */
export interface NatsRpcServer {
  /** Takes no more calls, and resolves when those under way are answered. */
  close(): Promise<void>;
}

/** As many as wait comfortably for two batches; memory is what more would cost. */
const CALLS_MAX = 4_096;

type Handler = (request: unknown) => Promise<unknown>;

/**
 * Serves the unary methods of a service over request and reply, on subjects like
 * `steelyard.balance.v1.BalanceService.Execute`, with protobuf bodies: the same handlers as over gRPC.
 */
// eslint-disable-next-line no-restricted-syntax -- the first three are what natsRpcClient takes and what answers it
export async function natsRpcServer<Definition extends RpcDefinition>(
  connection: NatsConnection,
  definition: Definition,
  handlers: RpcHandlers<Definition>,
  settings: NatsRpcServerSettings,
): Promise<NatsRpcServer> {
  const calls = new CallsUnderWay(connection, settings);
  // The mapped type has checked each handler against its method; from here on messages are opaque.
  const untyped = handlers as unknown as Readonly<Record<string, Handler>>;
  const subscriptions = unaryMethodNames(definition).map((name) => {
    const codec = codecOf(definition, name);
    const handler = untyped[name];
    if (!handler) throw new TypeError(`no handler for ${name}`);
    return connection.subscribe(methodName(codec.path), {
      queue: settings.queue,
      callback: (error, message) =>
        error ? calls.reportLost(error) : calls.take(codec, handler.bind(handlers), message),
    });
  });
  // Once the server has answered, it knows the subscriptions: callers find a responder from here on.
  await connection.flush();
  return { close: () => close(subscriptions, calls) };
}

async function close(subscriptions: readonly Subscription[], calls: CallsUnderWay): Promise<void> {
  await Promise.all(subscriptions.filter((one) => !one.isClosed()).map((one) => one.drain()));
  await calls.finished();
}

class CallsUnderWay {
  readonly #connection: NatsConnection;
  readonly #logger: Logger;
  readonly #callsMax: number;
  readonly #calls = new Set<Promise<void>>();

  constructor(connection: NatsConnection, { logger, callsMax = CALLS_MAX }: NatsRpcServerSettings) {
    this.#connection = connection;
    this.#logger = logger;
    this.#callsMax = callsMax;
  }

  take(codec: UntypedCodec, handler: Handler, message: Msg): void {
    if (this.#calls.size >= this.#callsMax) {
      message.respond(undefined, { headers: failureHeaders('UNAVAILABLE', 'too many calls under way') });
      return;
    }
    const correlationId = acceptCorrelationId(message.headers?.get(CORRELATION_HEADER));
    const call = withCorrelationId(correlationId, () => this.#answer(codec, handler, message));
    this.#calls.add(call);
    void call.finally(() => this.#calls.delete(call));
  }

  reportLost(error: Error): void {
    this.#logger.error({ error }, 'nats.subscription.failed');
  }

  async finished(): Promise<void> {
    await Promise.all(this.#calls);
  }

  async #answer(codec: UntypedCodec, handler: Handler, message: Msg): Promise<void> {
    try {
      this.#respond(codec, message, await handler(decoded(codec, message)));
    } catch (failure) {
      this.#respondFailure(message, failure);
    }
  }

  #respond(codec: UntypedCodec, message: Msg, response: unknown): void {
    const bytes = codec.responseSerialize(response);
    const sizeMaxBytes = this.#connection.info?.max_payload ?? Infinity;
    if (bytes.length > sizeMaxBytes) {
      throw new RpcError(
        'RESOURCE_EXHAUSTED',
        `the answer has ${bytes.length} bytes, NATS carries ${sizeMaxBytes}`,
      );
    }
    message.respond(bytes);
  }

  #respondFailure(message: Msg, failure: unknown): void {
    const { status, message: text } = statusOfFailure(failure, this.#logger);
    try {
      message.respond(undefined, { headers: failureHeaders(status, text) });
    } catch (error) {
      // The connection closed under the call; its caller meets its own deadline.
      this.#logger.warn({ error }, 'nats.answer.lost');
    }
  }
}

function decoded(codec: UntypedCodec, message: Msg): unknown {
  try {
    return codec.requestDeserialize(Buffer.from(message.data));
  } catch (error) {
    throw new RpcError('INVALID_ARGUMENT', 'the request is not a message of this method', { cause: error });
  }
}
