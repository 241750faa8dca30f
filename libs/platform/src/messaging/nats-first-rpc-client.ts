import {
  RequestTooLargeError,
  type CallOptions,
  type RequestOf,
  type ResponseOf,
  type RpcClient,
  type RpcDefinition,
  type UnaryMethodName,
} from '../rpc/index.js';
import type { NatsLink } from './nats-link.js';
import { natsRpcClient } from './nats-rpc-client.js';
import { NoAnswerError } from './no-answer-error.js';

export interface NatsFirstSettings<Definition extends RpcDefinition> {
  /** The same service over another transport. */
  readonly fallback: RpcClient<Definition>;
  /** How long a call may take, both ways together, unless it says otherwise. */
  readonly deadlineMs: number;
}

/**
 * NATS gets this part of a call's time. The peer itself gives up sooner (8 of 10 seconds by default) and says so:
 * who has not been answered by then waits for a message that is lost, and enough is left for the other way.
 */
const NATS_SHARE = 0.85;
/** After a timeout calls take the other way for a while: a network that swallows packets is noticed late by pings. */
const REST_MS = 5_000;

/**
 * A client that calls over NATS, and over the fallback while NATS is away: not connected, nobody there who answers,
 * the connection lost under the call, or no answer in time. In the first two cases nothing has been done. In the
 * others the call may have been taken, and it is sent again all the same, because every call of this platform may be
 * repeated: commands that move something carry an idempotency key, under which the service gives the first answer
 * again; those without a key set a state or end a reservation, and doing that twice changes nothing; reads are
 * reads. The time for both is one deadline, so that nothing is sent after the caller has stopped waiting. A failure
 * that the peer itself answered with is passed on: over the other way it would say the same.
 */
export function natsFirstRpcClient<Definition extends RpcDefinition>(
  link: NatsLink,
  definition: Definition,
  settings: NatsFirstSettings<Definition>,
): RpcClient<Definition> {
  return new NatsFirstRpcClient(link, definition, settings);
}

class NatsFirstRpcClient<Definition extends RpcDefinition> implements RpcClient<Definition> {
  readonly #link: NatsLink;
  readonly #definition: Definition;
  readonly #settings: NatsFirstSettings<Definition>;
  #restsUntilMs = 0;

  constructor(link: NatsLink, definition: Definition, settings: NatsFirstSettings<Definition>) {
    this.#link = link;
    this.#definition = definition;
    this.#settings = settings;
  }

  async call<Name extends UnaryMethodName<Definition>>(
    method: Name,
    request: RequestOf<Definition[Name]>,
    options: CallOptions = {},
  ): Promise<ResponseOf<Definition[Name]>> {
    const deadlineMs = options.deadlineMs ?? this.#settings.deadlineMs;
    const startedAtMs = Date.now();
    if (startedAtMs >= this.#restsUntilMs && this.#link.connection) {
      try {
        return await this.#callOverNats(method, request, Math.ceil(deadlineMs * NATS_SHARE));
      } catch (error) {
        if (!(error instanceof NoAnswerError || error instanceof RequestTooLargeError)) throw error;
        if (error instanceof NoAnswerError && error.isTimeout) this.#restsUntilMs = Date.now() + REST_MS;
      }
    }
    const leftMs = deadlineMs - (Date.now() - startedAtMs);
    return this.#settings.fallback.call(method, request, { deadlineMs: Math.max(1, leftMs) });
  }

  /** Ends the fallback. The link stays its owner's. */
  close(): Promise<void> {
    return this.#settings.fallback.close();
  }

  #callOverNats<Name extends UnaryMethodName<Definition>>(
    method: Name,
    request: RequestOf<Definition[Name]>,
    deadlineMs: number,
  ): Promise<ResponseOf<Definition[Name]>> {
    const { connection } = this.#link;
    if (!connection) return Promise.reject(new NoAnswerError(method, false));
    const client = natsRpcClient(connection, this.#definition, { deadlineMs });
    return new Promise((resolve, reject) => {
      // The library lets requests of a lost connection wait for their deadlines.
      const forget = this.#link.onceLost(() => reject(new NoAnswerError(method, false)));
      client.call(method, request).then(resolve, reject).finally(forget);
    });
  }
}
