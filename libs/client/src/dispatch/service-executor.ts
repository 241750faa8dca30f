import { ofOperation, refused, type ReadResult, type Result } from '../answers/index.js';
import {
  refuseUncarriable,
  type BatchKind,
  type OperationKind,
  type OperationValues,
  type Queries,
  type QueryKind,
  type QueryValues,
} from '../operations/index.js';
import type { ResilientCaller } from '../resilience/index.js';
import { buyIn } from './buy-in.js';
import type { BatchCommand, CallOptions, Executor } from './executor.port.js';
import { TurnBatcher } from './turn-batcher.js';
import type { BatchMode, Keyed, Prepared, WireKind, WireTransport } from './wire-transport.port.js';

export interface BatchingSettings {
  /** Operations that may share a request, at most 200. Default 100. */
  readonly sizeMax?: number | undefined;
}

/** With 200 operations whose metadata are as large as they may be, a request still fits every transport. */
const SIZE_MAX = 200;
const SIZE_DEFAULT = 100;
/** Beyond this the process asks for more than the service answers, and waiting longer does not help. */
const UNDER_WAY_MAX = 10_000;

const OTHER_ITEM_REFUSED = refused('ATOMIC_BATCH_REFUSED', 'Another item of the atomic batch was refused');

interface Carry {
  readonly send: <Kind extends WireKind>(command: Keyed<Kind>) => Promise<Result<OperationValues[Kind]>>;
}

type Step<Kind extends OperationKind> = (
  command: Keyed<Kind>,
  carry: Carry,
) => Promise<Result<OperationValues[Kind]>>;

const oneCommand = <Kind extends WireKind>(
  command: Keyed<Kind>,
  { send }: Carry,
): Promise<Result<OperationValues[Kind]>> => send(command);

const STEPS: { readonly [Kind in OperationKind]: Step<Kind> } = {
  openAccount: oneCommand,
  deposit: oneCommand,
  withdraw: oneCommand,
  transfer: oneCommand,
  reverse: oneCommand,
  reserve: oneCommand,
  commit: oneCommand,
  release: oneCommand,
  extend: oneCommand,
  buyIn: (command, { send }) => buyIn(command, send),
  cashOut: oneCommand,
  contribute: oneCommand,
  returnContribution: oneCommand,
  settlePot: oneCommand,
  cancelPot: oneCommand,
  setPolicy: oneCommand,
};

/** Carries operations out by the service, over one transport. */
export class ServiceExecutor<Request, Reply> implements Executor {
  readonly #batcher: TurnBatcher<Request, Reply> | undefined;

  constructor(
    private readonly transport: WireTransport<Request, Reply>,
    private readonly caller: ResilientCaller,
    batching: BatchingSettings | undefined,
  ) {
    if (batching === undefined) return;
    const { sizeMax = SIZE_DEFAULT } = batching;
    if (!Number.isInteger(sizeMax) || sizeMax < 1 || sizeMax > SIZE_MAX) {
      throw new RangeError(`sizeMax of a batch must be an integer from 1 to ${SIZE_MAX}`);
    }
    this.#batcher = new TurnBatcher(
      (requests, deadlineMs) => this.#exchange('independent', requests, deadlineMs),
      Math.min(sizeMax, transport.requestsMax),
      UNDER_WAY_MAX,
    );
  }

  async execute<Kind extends OperationKind>(
    command: Keyed<Kind>,
    { deadlineMs }: CallOptions,
  ): Promise<Result<OperationValues[Kind]>> {
    const carry: Carry = { send: (wire) => this.#send(wire, deadlineMs) };
    try {
      return refuseUncarriable(command.input) ?? (await STEPS[command.kind](command, carry));
    } catch (error) {
      throw ofOperation(error, command.idempotencyKey);
    }
  }

  async executeBatch(
    mode: BatchMode,
    commands: readonly BatchCommand[],
    { deadlineMs }: CallOptions,
  ): Promise<readonly Result<OperationValues[BatchKind]>[]> {
    const { requestsMax } = this.transport;
    if (commands.length > requestsMax) {
      const tooLarge = refused('BATCH_TOO_LARGE', `A batch has at most ${requestsMax} items`);
      return commands.map(() => tooLarge);
    }
    const checked = commands.map((command) => refuseUncarriable(command.input) ?? this.#prepareAny(command));
    const prepared = checked.filter((entry) => 'request' in entry);
    if (mode === 'atomic' && prepared.length < checked.length) {
      return checked.map((entry) => ('request' in entry ? OTHER_ITEM_REFUSED : entry));
    }
    const requests = prepared.map(({ request }) => request);
    const replies = (requests.length === 0 ? [] : await this.#exchange(mode, requests, deadlineMs)).values();
    return checked.map((entry) => ('request' in entry ? entry.read(theReply(replies.next().value)) : entry));
  }

  query<Kind extends QueryKind>(
    kind: Kind,
    input: Queries[Kind],
    { deadlineMs }: CallOptions,
  ): Promise<ReadResult<QueryValues[Kind]>> {
    const fault = refuseUncarriable(input);
    if (fault) return Promise.resolve(fault);
    return this.caller.run((timeoutMs) => this.transport.query(kind, input, timeoutMs), deadlineMs);
  }

  async close(): Promise<void> {
    this.transport.close();
  }

  async #send<Kind extends WireKind>(
    command: Keyed<Kind>,
    deadlineMs: number | undefined,
  ): Promise<Result<OperationValues[Kind]>> {
    const { request, read } = this.transport.prepare(command);
    if (this.#batcher && this.transport.isBatchable(request)) {
      return read(await this.#batcher.add(request, deadlineMs));
    }
    const [reply] = await this.#exchange('independent', [request], deadlineMs);
    return read(theReply(reply));
  }

  #prepareAny(command: BatchCommand): Prepared<Request, Reply, OperationValues[BatchKind]> {
    switch (command.kind) {
      case 'deposit':
        return this.transport.prepare(command);
      case 'withdraw':
        return this.transport.prepare(command);
      case 'transfer':
        return this.transport.prepare(command);
    }
  }

  #exchange(
    mode: BatchMode,
    requests: readonly Request[],
    deadlineMs: number | undefined,
  ): Promise<readonly Reply[]> {
    return this.caller.run((timeoutMs) => this.transport.exchange(requests, { mode, timeoutMs }), deadlineMs);
  }
}

function theReply<Reply>(reply: Reply | undefined): Reply {
  if (reply === undefined) throw new TypeError('a transport returns one reply for every request');
  return reply;
}
