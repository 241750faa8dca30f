import type { ReadResult, Result } from '../answers/index.js';
import type {
  OperationKind,
  Operations,
  OperationValues,
  Queries,
  QueryKind,
  QueryValues,
} from '../operations/index.js';

/** Operations that are one command on the wire. A buy-in is two. */
export type WireKind = Exclude<OperationKind, 'buyIn'>;

/** An operation and the key it is sent under, every time. */
export interface Keyed<Kind extends OperationKind> {
  readonly kind: Kind;
  readonly input: Operations[Kind];
  readonly idempotencyKey: string;
}

/** A command in the form of one wire, and how to read its answer. */
export interface Prepared<Request, Reply, Value> {
  readonly request: Request;
  /** @throws SteelyardProtocolError when the reply is not understood */
  readonly read: (reply: Reply) => Result<Value>;
}

export type BatchMode = 'independent' | 'atomic';

export interface ExchangeOptions {
  readonly mode: BatchMode;
  /** For this one try. */
  readonly timeoutMs: number;
}

/** One way to the service. Both ways behave alike, and one suite of tests runs against both. */
export interface WireTransport<Request, Reply> {
  /** As many requests as one exchange carries. */
  readonly requestsMax: number;

  prepare<Kind extends WireKind>(command: Keyed<Kind>): Prepared<Request, Reply, OperationValues[Kind]>;

  /** True: it can share an exchange with others. */
  isBatchable(request: Request): boolean;

  /**
   * Sends requests together, once.
   *
   * @returns one reply a request, in order
   * @throws SteelyardUnavailableError when no answer came
   * @throws SteelyardProtocolError when the answer is not understood
   */
  exchange(requests: readonly Request[], options: ExchangeOptions): Promise<readonly Reply[]>;

  query<Kind extends QueryKind>(
    kind: Kind,
    input: Queries[Kind],
    timeoutMs: number,
  ): Promise<ReadResult<QueryValues[Kind]>>;

  close(): void;
}
