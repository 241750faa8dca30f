import type { Keyed, WireKind } from '../dispatch/index.js';
import type { Operations, Particulars } from '../operations/index.js';
import { path, type RestRequest } from './rest-request.js';

/** A command as a request. */
export function encodeRequest<Kind extends WireKind>({
  kind,
  input,
  idempotencyKey,
}: Keyed<Kind>): RestRequest {
  const request = REQUESTS[kind](input);
  const { batchItem } = request;
  return {
    ...request,
    idempotencyKey,
    ...(batchItem && { batchItem: { ...batchItem, idempotencyKey } }),
  };
}

const REQUESTS: { readonly [Kind in WireKind]: (input: Operations[Kind]) => RestRequest } = {
  openAccount: ({ accountId, ...body }) => post(path`/accounts/${accountId}`, body),
  deposit: ({ accountId, ...others }) => {
    const body = { ...others, ...particulars(others) };
    const batchItem = { type: 'DEPOSIT', accountId, ...body };
    return { ...post(path`/accounts/${accountId}/deposit`, body), batchItem: named(batchItem) };
  },
  withdraw: ({ accountId, ...others }) => {
    const body = { ...others, ...particulars(others) };
    return {
      ...post(path`/accounts/${accountId}/withdraw`, body),
      batchItem: { type: 'WITHDRAW', accountId, ...body },
    };
  },
  transfer: (input) => {
    const body = { ...input, ...particulars(input) };
    const request = post('/transfers', body);
    // In a batch a transfer has no business type of its own.
    return input.type === undefined ? { ...request, batchItem: { ...body, type: 'TRANSFER' } } : request;
  },
  reverse: ({ transactionId, ...body }) => post(path`/transactions/${transactionId}/reverse`, body),
  reserve: ({ accountId, amount, timeoutSeconds, to, tableId, reference, metadata }) =>
    post(path`/accounts/${accountId}/reservations`, {
      amount,
      timeoutSeconds,
      to,
      tableId,
      reference,
      metadata,
    }),
  commit: ({ reservationId, ...body }) => post(path`/reservations/${reservationId}/commit`, body),
  release: ({ reservationId, ...body }) => post(path`/reservations/${reservationId}/release`, body),
  extend: ({ reservationId, ...body }) => post(path`/reservations/${reservationId}/extend`, body),
  cashOut: ({ tableId, ...body }) => post(path`/tables/${tableId}/cash-outs`, body),
  contribute: ({ tableId, handId, ...body }) =>
    post(path`/tables/${tableId}/hands/${handId}/contributions`, body),
  returnContribution: ({ tableId, handId, ...body }) =>
    post(path`/tables/${tableId}/hands/${handId}/returns`, body),
  settlePot: ({ tableId, handId, ...body }) => post(path`/tables/${tableId}/hands/${handId}/settle`, body),
  cancelPot: ({ tableId, handId, ...body }) => post(path`/tables/${tableId}/hands/${handId}/cancel`, body),
  setPolicy: ({ tableId, ...body }) => ({ method: 'PUT', path: path`/tables/${tableId}`, body }),
};

function post(address: string, body: object): RestRequest {
  return { method: 'POST', path: address, body };
}

function particulars({ effectiveAt }: Particulars): { readonly effectiveAt: string | undefined } {
  return { effectiveAt: effectiveAt?.toISOString() };
}

/** In a batch the sources that name a type are types. */
function named(item: { readonly type: string; readonly source?: string | undefined }): object {
  const { source } = item;
  return source === 'BONUS' || source === 'REFERRAL' ? { ...item, type: source, source: undefined } : item;
}
