import { SteelyardProtocolError, type ReadResult } from '../answers/index.js';
import type { ExchangeOptions, Keyed, Prepared, WireKind, WireTransport } from '../dispatch/index.js';
import type { OperationValues, Queries, QueryKind, QueryValues } from '../operations/index.js';
import { batchReplies, decodeReply, type RestReply } from './decode-reply.js';
import { account, balance, pot, reservation, table } from './decode-values.js';
import { encodeRequest } from './encode-request.js';
import { HttpCaller, type RestSettings } from './http-caller.js';
import { JsonRecord } from './json-record.js';
import { path, type RestRequest } from './rest-request.js';

const BATCH_ITEMS_MAX = 5_000;

/** Commands and reads over REST. */
export class RestWire implements WireTransport<RestRequest, RestReply> {
  readonly requestsMax = BATCH_ITEMS_MAX;
  readonly #http: HttpCaller;

  constructor(settings: RestSettings) {
    this.#http = new HttpCaller(settings);
  }

  prepare<Kind extends WireKind>(
    command: Keyed<Kind>,
  ): Prepared<RestRequest, RestReply, OperationValues[Kind]> {
    return { request: encodeRequest(command), read: (reply) => decodeReply(command, reply) };
  }

  isBatchable({ batchItem }: RestRequest): boolean {
    return batchItem !== undefined;
  }

  async exchange(
    requests: readonly RestRequest[],
    { mode, timeoutMs }: ExchangeOptions,
  ): Promise<readonly RestReply[]> {
    const [only] = requests;
    if (requests.length === 1 && only && mode === 'independent') {
      return [await this.#http.call(only, timeoutMs)];
    }
    const body = { mode, transactions: requests.map(({ batchItem }) => batchItem) };
    const reply = await this.#http.call({ method: 'POST', path: '/transactions/batch', body }, timeoutMs);
    if (!reply.ok) return requests.map(() => reply);
    const replies = batchReplies(reply.body);
    if (replies.length === requests.length) return replies;
    throw new SteelyardProtocolError(`${requests.length} items were answered with ${replies.length} results`);
  }

  async query<Kind extends QueryKind>(
    kind: Kind,
    input: Queries[Kind],
    timeoutMs: number,
  ): Promise<ReadResult<QueryValues[Kind]>> {
    const { address, decode } = READS[kind];
    const reply = await this.#http.call({ method: 'GET', path: address(input) }, timeoutMs);
    if (!reply.ok) return reply;
    return { ok: true, value: decode(new JsonRecord(reply.body, `the reply to ${kind}`)) };
  }

  close(): void {
    // Connections belong to the process and end by themselves.
  }
}

interface Read<Kind extends QueryKind> {
  readonly address: (input: Queries[Kind]) => string;
  readonly decode: (json: JsonRecord) => QueryValues[Kind];
}

const READS: { readonly [Kind in QueryKind]: Read<Kind> } = {
  account: { address: ({ accountId }) => path`/accounts/${accountId}`, decode: account },
  balance: { address: ({ accountId }) => path`/accounts/${accountId}/balance`, decode: balance },
  reservation: { address: ({ reservationId }) => path`/reservations/${reservationId}`, decode: reservation },
  reservations: {
    address: ({ accountId, ...query }) => path`/accounts/${accountId}/reservations` + queryString(query),
    decode: (json) => {
      const page = { reservations: json.records('reservations').map(reservation) };
      return json.has('nextCursor') ? { ...page, nextCursor: json.text('nextCursor') } : page;
    },
  },
  pot: { address: ({ tableId, handId }) => path`/tables/${tableId}/hands/${handId}`, decode: pot },
  table: { address: ({ tableId }) => path`/tables/${tableId}`, decode: table },
};

function queryString(query: Readonly<Record<string, string | number | undefined>>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) given.set(name, String(value));
  }
  return given.size === 0 ? '' : `?${given.toString()}`;
}
