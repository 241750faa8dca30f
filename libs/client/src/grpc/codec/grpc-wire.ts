import { balanceV1 } from '@steelyard/contracts/grpc';
import { refused, SteelyardProtocolError, type ReadResult } from '../../answers/index.js';
import type { ExchangeOptions, Keyed, Prepared, WireKind, WireTransport } from '../../dispatch/index.js';
import type { OperationValues, Queries, QueryKind, QueryValues } from '../../operations/index.js';
import { GrpcChannel, type ChannelSettings, type UnaryMethod } from '../channel.js';
import { decodeOutcome, type GrpcReply } from './decode-outcome.js';
import { account, balance, pot, reservation, table } from './decode-values.js';
import { encodeCommand } from './encode-command.js';

const COMMANDS_MAX = 5_000;
/** Commands of one request with this number are applied all or none. */
const ATOMIC_GROUP = 1;
const METHODS = balanceV1.BalanceServiceService;

/** Commands and reads over gRPC. */
export class GrpcWire implements WireTransport<balanceV1.Command, GrpcReply> {
  readonly requestsMax = COMMANDS_MAX;
  readonly #channel: GrpcChannel;

  constructor(settings: ChannelSettings) {
    this.#channel = new GrpcChannel(settings);
  }

  prepare<Kind extends WireKind>(
    command: Keyed<Kind>,
  ): Prepared<balanceV1.Command, GrpcReply, OperationValues[Kind]> {
    return { request: encodeCommand(command), read: (reply) => decodeOutcome(command, reply) };
  }

  isBatchable(): boolean {
    return true;
  }

  async exchange(
    requests: readonly balanceV1.Command[],
    { mode, timeoutMs }: ExchangeOptions,
  ): Promise<readonly GrpcReply[]> {
    const atomicGroup = mode === 'atomic' ? ATOMIC_GROUP : 0;
    const commands = requests.map((command) => ({ ...command, atomicGroup }));
    const response = await this.#channel.call(METHODS.execute, { commands }, timeoutMs);
    if ('ok' in response) return requests.map(() => response);
    if (response.outcomes.length === requests.length) return response.outcomes;
    throw new SteelyardProtocolError(
      `${requests.length} commands were answered with ${response.outcomes.length} outcomes`,
    );
  }

  query<Kind extends QueryKind>(
    kind: Kind,
    input: Queries[Kind],
    timeoutMs: number,
  ): Promise<ReadResult<QueryValues[Kind]>> {
    const call: Call = (method, request) => this.#channel.call(method, request, timeoutMs);
    return READS[kind](input, call);
  }

  close(): void {
    this.#channel.close();
  }
}

type Call = <Request, Response>(
  method: UnaryMethod<Request, Response>,
  request: Request,
) => ReturnType<typeof GrpcChannel.prototype.call<Request, Response>>;

type Read<Kind extends QueryKind> = (
  input: Queries[Kind],
  call: Call,
) => Promise<ReadResult<QueryValues[Kind]>>;

const READS: { readonly [Kind in QueryKind]: Read<Kind> } = {
  account: async ({ accountId }, call) => {
    const response = await call(METHODS.getAccounts, { accountIds: [accountId] });
    return 'ok' in response ? response : found(response.accounts[0], 'ACCOUNT_NOT_FOUND', account);
  },
  balance: async ({ accountId }, call) => {
    const response = await call(METHODS.getAccounts, { accountIds: [accountId] });
    if ('ok' in response) return response;
    return found(response.accounts[0], 'ACCOUNT_NOT_FOUND', (wire) => balance(wire, response));
  },
  reservation: async ({ reservationId }, call) => {
    const response = await call(METHODS.getReservation, { reservationId });
    if ('ok' in response) return response;
    return found(response.reservation, 'RESERVATION_NOT_FOUND', reservation);
  },
  reservations: async ({ accountId, status = '', limit = 0, cursor = '' }, call) => {
    const response = await call(METHODS.listReservations, { accountId, status, limit, cursor });
    if ('ok' in response) return response;
    const { reservations, nextCursor } = response;
    const page = { reservations: reservations.map(reservation) };
    return { ok: true, value: nextCursor === '' ? page : { ...page, nextCursor } };
  },
  pot: async (input, call) => {
    const response = await call(METHODS.getPot, input);
    return 'ok' in response ? response : found(response.pot, 'POT_NOT_FOUND', pot);
  },
  table: async ({ tableId }, call) => {
    const response = await call(METHODS.getTable, { tableId, currency: '' });
    if ('ok' in response) return response;
    return found(response.table, 'TABLE_NOT_FOUND', table);
  },
};

function found<Wire, Value>(
  wire: Wire | undefined,
  code: string,
  decode: (wire: Wire) => Value,
): ReadResult<Value> {
  if (wire === undefined) return refused(code, 'There is none');
  return { ok: true, value: decode(wire) };
}
