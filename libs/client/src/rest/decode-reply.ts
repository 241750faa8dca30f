import { SteelyardProtocolError, type Refused, type Result } from '../answers/index.js';
import type { Keyed, WireKind } from '../dispatch/index.js';
import type { Operations, OperationValues } from '../operations/index.js';
import { movement, openedAccount, potOutcome, reservation, transaction, transfer } from './decode-values.js';
import { JsonRecord } from './json-record.js';

/** What came back for one command. */
export type RestReply = Refused | { readonly ok: true; readonly body: unknown; readonly replayed: boolean };

/** The result of a command. */
export function decodeReply<Kind extends WireKind>(
  { kind, input, idempotencyKey }: Keyed<Kind>,
  reply: RestReply,
): Result<OperationValues[Kind]> {
  if (!reply.ok) return reply;
  const { replayed, body } = reply;
  const value = VALUES[kind](new JsonRecord(body, `the reply to ${kind}`), input);
  return { ok: true, value, replayed, idempotencyKey };
}

const VALUES: {
  readonly [Kind in WireKind]: (json: JsonRecord, input: Operations[Kind]) => OperationValues[Kind];
} = {
  openAccount: openedAccount,
  deposit: movement,
  withdraw: movement,
  transfer,
  reverse: transaction,
  reserve: reservation,
  commit: reservation,
  release: reservation,
  extend: reservation,
  cashOut: movement,
  contribute: potOutcome,
  returnContribution: potOutcome,
  settlePot: potOutcome,
  cancelPot: potOutcome,
  setPolicy: (_json, { tableId, escrowPolicy }) => ({ tableId, escrowPolicy }),
};

/** One reply an item of a batch, in order. */
export function batchReplies(body: unknown): readonly RestReply[] {
  const results = new JsonRecord(body, 'the reply to a batch').records('results');
  return results.map((result) => {
    if (result.flag('ok')) {
      return { ok: true, body: result.raw('transaction'), replayed: result.flag('replayed') };
    }
    if (result.flag('retryable')) {
      throw new SteelyardProtocolError(`an item of the batch failed: ${result.text('message')}`);
    }
    return refusalIn(result);
  });
}

/** The refusal that a problem or an item of a batch states. */
export function refusalIn(json: JsonRecord): Refused {
  const error = { code: json.text('error'), message: json.text('message') };
  return { ok: false, error: json.has('field') ? { ...error, field: json.text('field') } : error };
}
